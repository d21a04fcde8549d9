"""Accounts: what persons sign in with, and their API tokens."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import Schema

from api.rest import edge
from api.rest.fields import flag, line
from api.rest.schemas_people import Account, Token
from engine.model.access import Actor
from engine.operations.people import accounts
from engine.store import UnitOfWork

blueprint = edge.blueprint("accounts", "Accounts and personal API tokens")


class NewAccount(Schema):
    """An account for a person."""

    person_id = line(required=True)
    login = line(required=True, longest=100)
    password = line(load_default=None, allow_none=True, longest=1000)
    administrator = flag(load_default=False)


class Password(Schema):
    """A new password."""

    password = line(required=True, longest=1000)


class NewToken(Schema):
    """A new token."""

    label = line(required=True, longest=100, metadata={"description": "what it is for"})


@blueprint.post("/accounts")
@blueprint.arguments(NewAccount)
@blueprint.response(201, Account)
def add(args: dict[str, Any]) -> Response:
    """Let a person sign in."""
    return edge.write(Account(), lambda uow, actor: accounts.add_account(uow, actor, **args), status=201)


@blueprint.put("/accounts/<id:account_id>/password")
@blueprint.arguments(Password)
@blueprint.response(204)
def set_password(args: dict[str, Any], account_id: str) -> Response:
    """Set a password; all sessions of the account end."""
    return edge.write(None, lambda uow, actor: accounts.set_password(uow, actor, account_id, args["password"]), status=204)


@blueprint.post("/accounts/<id:account_id>/tokens")
@blueprint.arguments(NewToken)
@blueprint.response(201, Token)
def add_token(args: dict[str, Any], account_id: str) -> Response:
    """Make a token. Its secret is in this answer and nowhere else, also not when the request is repeated."""

    def act(uow: UnitOfWork, actor: Actor) -> dict[str, str]:
        token, secret = accounts.add_token(uow, actor, account_id, args["label"])
        return {"id": token.id, "label": token.label, "secret": secret}

    return edge.write(Token(), act, status=201, secret="secret")  # noqa: S106 - the name of a field


@blueprint.delete("/tokens/<id:token_id>")
@blueprint.response(204)
def revoke_token(token_id: str) -> Response:
    """End a token."""
    return edge.write(None, lambda uow, actor: accounts.revoke_token(uow, actor, token_id), status=204)

"""The sealing door, and that no table with content goes around it."""

from __future__ import annotations

import pytest

from engine.model.errors import BadRequest
from engine.store import tables
from engine.store.sealing import MIXED, seal, unseal


def test_what_is_sealed_is_unsealed() -> None:
    body = {"text": "wörds", "list": [1, None]}
    sealed, key_id = seal("C4", "case", body)
    assert unseal("C4", "case", sealed, key_id) == body


def test_a_key_that_is_not_here_is_not_guessed() -> None:
    sealed, _ = seal(MIXED, None, "x")
    with pytest.raises(ValueError, match="key"):
        unseal(MIXED, None, sealed, "key-9")


def test_a_body_that_cannot_be_written_is_a_bad_request() -> None:
    with pytest.raises(BadRequest):
        seal("C4", None, {"a": "\ud800"})


@pytest.mark.parametrize("name", ["records", "drafts", "inbox_messages", "jobs", "idempotency_keys"])
def test_tables_with_content_have_the_columns_of_the_door_and_no_open_body(name: str) -> None:
    columns = set(tables.metadata.tables[name].columns.keys())
    assert {"sealed", "key_id", "cls"} <= columns
    assert not {"body", "payload", "data"} & columns

"""What the commands do. Each gives the exit code; what goes wrong is raised and said by `api.cli`."""

from __future__ import annotations

import getpass
import ipaddress
import json
import os
import re
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from api import demo as seeding
from api import places
from api.reporting import files
from api.running import Config, Mode, Parley
from api.sandbox import Playground
from api.serving import Address, NotLoopback, address_of, listen
from api.serving import serve as answer
from engine import store
from engine.model.access import Actor
from engine.operations import sealing
from engine.operations.people import accounts, hosts, people, programs
from engine.operations.releasing import publishing
from engine.operations.scenarios import scenarios
from engine.operations.supervision import event_log as mining
from engine.store import Store, UnitOfWork

#: the one program of an installation
PROGRAM, TITLE = "program", "Program"
_DEMO = "demo.sqlite"
#: by which made-up cases are drawn unless another one is given
SEED = 20261122


class NotNow(Exception):
    """This cannot be done now."""


def demo(
    *, host: str, port: int | None, usual_port: int, data: str | None, cases: int | None = None, seed: int = SEED, serves: bool = True
) -> int:
    """Seed a new data folder, perhaps with many made-up cases, then serve it on loopback."""
    _require_loopback(host)
    folder = places.data_folder(data, "demo")
    if cases and (folder / _DEMO).exists():
        raise NotNow(f"There is a demo in {folder} already. Choose another folder with --data, or delete this one to begin anew.")
    if not serves:
        _seeded(folder, cases, seed).close()
        return 0
    listener = listen(Address(host, usual_port if port is None else port, search=port is None))
    config = Config(Mode.DEMO, places.session_secret(folder), folder, here=address_of(listener))
    opened = _seeded(folder, cases, seed)
    answer(Parley(opened, config), listener)
    return 0


def _seeded(folder: Path, cases: int | None, seed: int) -> Store:
    """The demo's store. A seeding that was cut off is begun anew: the file gets its name when it is complete."""
    ready, making = folder / _DEMO, folder / "being-made.sqlite"
    if not ready.exists():
        for left in folder.glob("being-made.sqlite*"):
            left.unlink()
        with _opened(f"sqlite:///{making}", hasty=True) as fresh:
            fresh.migrate()
            seeding.seed(fresh, seeding.Many(cases, seed) if cases else None)
        with making.open("rb+") as written:
            os.fsync(written.fileno())
        making.rename(ready)
    return _migrated(f"sqlite:///{ready}")


def serve(*, host: str, port: int | None, usual_port: int, data: str | None, url: str | None) -> int:
    """Serve a program; the database is migrated first."""
    mail = places.mail_server()
    folder = places.data_folder(data, "program")
    listener = listen(Address(host, usual_port if port is None else port))
    opened = _migrated(places.database_url(folder))
    with opened.unit_of_work() as uow:
        program = programs.ensure(uow, key=PROGRAM, title=TITLE)
        empty = accounts.nobody_yet(uow, program.id)
        uow.commit()
    if empty:
        print("Nobody can sign in yet. Make the first account with: parley user add LOGIN --administrator", file=sys.stderr)
    answer(Parley(opened, Config(Mode.SERVE, places.session_secret(folder), folder, url, mail, places.scanner())), listener)
    return 0


def sandbox(*, host: str, port: int | None, usual_port: int, data: str | None) -> int:
    """Serve an empty system on loopback. Nothing is kept: what it needs is in a folder of its own until it stops."""
    _require_loopback(host)
    listener = listen(Address(host, usual_port if port is None else port))
    playground = Playground(secrets.token_bytes(32), Path(data) if data else None)
    try:
        answer(playground.parley, listener, token=playground.token)
    finally:
        playground.close()
    return 0


def _require_loopback(host: str) -> None:
    try:
        near = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        near = False
    if not near:
        raise NotLoopback


def deploy(*, folder: str, data: str | None, login: str | None) -> int:
    """Deploy a folder into the data folder's program."""
    files = places.pack_files(Path(folder))
    with _program(data) as (opened, system):
        with opened.reading() as uow:
            found = publishing.to_try(uow, _acting(uow, system, login), files)
        if found:
            scenarios.run_files(found)  # remembered by content, so that nobody waits for them in the transaction
        with opened.unit_of_work() as uow:
            done = publishing.upload(uow, _acting(uow, system, login), files)
            uow.commit()
    versions = [{"key": key, "version": version, "created": created} for key, version, created in done.definitions]
    print(json.dumps({"id": done.deployment.id, "state": done.deployment.state, "definitions": versions}))
    return 0


def migrate(*, data: str | None) -> int:
    """Bring the database to this version."""
    with _opened(places.database_url(places.data_folder(data, "program"))) as opened:
        pending = opened.pending_migrations()
        opened.migrate()
    print("The database was brought to this version." if pending else "The database was at this version already.")
    return 0


def verify(*, data: str | None) -> int:
    """Check every chain of the audit trail."""
    with _program(data, there=True) as (opened, system), opened.reading() as uow:
        breaks = sealing.verify(uow, system.program_id)
    for one in breaks:
        print(one)
    print("The audit trail holds." if not breaks else f"{len(breaks)} places do not hold.")
    return 1 if breaks else 0


def report(*, period: str, out: str, login: str | None, data: str | None) -> int:
    """Write the figures of a month or year into a folder: a PDF, a CSV, and what its columns mean."""
    folder = Path(out)
    if not folder.is_dir():
        raise places.NoSuchFolder(f"There is no folder {folder}.")
    with _program(data, there=True) as (opened, system), opened.reading() as uow:
        written = files.of(uow, _acting(uow, system, login), period)
    for name, made in written.items():
        (folder / name).write_bytes(made())
        print(folder / name)
    return 0


def event_log(*, out: str, since: date | None, until: date | None, numbers: bool, login: str, data: str | None) -> int:
    """Write a log for process mining, part after part; a file that was not finished does not get its name."""
    path = Path(out)
    making = path.with_name(f"{path.name}.part")
    with _program(data, there=True) as (opened, system):
        with opened.unit_of_work() as uow:
            actor = _acting(uow, system, login)
            plan = mining.begin(uow, actor, mining.question(uow, actor, since, until, numbers=numbers))
            uow.commit()

        @contextmanager
        def reading() -> Iterator[tuple[UnitOfWork, Actor]]:
            with opened.reading() as uow:
                yield uow, actor

        with making.open("wb") as file:
            file.writelines(mining.parts(reading, plan))
    making.replace(path)
    print(path)
    return 0


def add_user(*, login: str, name: str | None, roles: list[str], administrator: bool, data: str | None) -> int:
    """Add a person with an account; the password is asked for, or read from standard input."""
    password = _password()
    with _program(data) as (opened, system), opened.unit_of_work() as uow:
        person = people.add(uow, system, name=name or login, staff=True, roles=tuple(roles))
        account = accounts.add_account(uow, system, person.id, login, password, administrator=administrator)
        uow.commit()
    print(json.dumps({"person": person.id, "account": account.id, "login": login}))
    return 0


def add_token(*, login: str, label: str, data: str | None) -> int:
    """Make a token for an account and print it."""
    with _program(data) as (opened, system), opened.unit_of_work() as uow:
        _token, secret = accounts.add_token(uow, system, accounts.by_login(uow, system, login).id, label)
        uow.commit()
    print(json.dumps({"login": login, "token": secret}))
    return 0


def allow_host(*, name: str, private: bool, data: str | None) -> int:
    """Let webhooks call a host, written as NAME or NAME:PORT."""
    bare, _, port = name.rpartition(":") if re.fullmatch(r"[^:]+:\d{1,5}|\[.*\]:\d{1,5}", name) else (name, "", "")
    with _program(data) as (opened, system), opened.unit_of_work() as uow:
        host = hosts.allow(uow, system, bare, int(port) if port else None, private=private)
        uow.commit()
    print(json.dumps({"name": host.name, "port": host.port, "private": host.private}))
    return 0


def forbid_host(*, name: str, data: str | None) -> int:
    """Let webhooks call a host no longer, whatever its port unless one is given."""
    with _program(data) as (opened, system), opened.unit_of_work() as uow:
        met = [host for host in hosts.all(uow, system) if name.lower() in (host.name, f"{host.name}:{host.port}")]
        for host in met:
            hosts.forbid(uow, system, host.id)
        uow.commit()
    print(f"{len(met)} taken from the list.")
    return 0 if met else 1


def list_hosts(*, data: str | None) -> int:
    """Print the hosts that webhooks may call."""
    with _program(data) as (opened, system), opened.reading() as uow:
        for host in hosts.all(uow, system):
            print(f"{host.name}:{host.port}{' (private)' if host.private else ''}")
    return 0


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    try:
        first = getpass.getpass("Password: ")
        again = getpass.getpass("Once more: ")
    except EOFError as error:
        raise NotNow("No password was given; nothing was changed.") from error
    if again != first:
        raise NotNow("The two passwords differ; nothing was changed.")
    return first


def _acting(uow: UnitOfWork, system: Actor, login: str | None) -> Actor:
    if login is None:
        return system
    account = accounts.by_login(uow, system, login)
    return accounts.actor_for_account(uow, account.id, account.session_epoch, via="cli")


@contextmanager
def _program(data: str | None, *, there: bool = False) -> Iterator[tuple[Store, Actor]]:
    """The program of a data folder, or its demo, and the system acting in it. The server may run at the same time.

    `there`: it is only read, so that one is not begun where there is none.
    """
    folder = places.data_folder(data, "program")
    in_demo = not places.has_database(folder) and (folder / _DEMO).is_file()
    if there and not in_demo and not places.has_database(folder):
        raise NotNow(f"There is no program in {folder} yet. Name the folder of one with --data, or begin it with: parley serve")
    with _opened(f"sqlite:///{folder / _DEMO}" if in_demo else places.database_url(folder)) as opened:
        if opened.pending_migrations():
            opened.migrate()
        with opened.unit_of_work() as uow:
            program = programs.ensure(uow, key=seeding.PROGRAM if in_demo else PROGRAM, title=TITLE)
            uow.commit()
        yield opened, programs.system(program, via="cli")


@contextmanager
def _opened(url: str, *, hasty: bool = False) -> Iterator[Store]:
    opened = store.open(url, hasty=hasty)
    try:
        yield opened
    finally:
        opened.close()


def _migrated(url: str) -> Store:
    opened = store.open(url)
    if opened.pending_migrations():
        opened.migrate()
    return opened

"""The command line: `parley`, or `python3 -m api` in a checkout. Each command is a function in `api.commands`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from typing import Any

from api import checking, commands
from api.places import BadMailServer, NoSuchFolder
from api.serving import NotLoopback, PortTaken, stop_on_signals
from engine.model.errors import Invalid, ModelRefused, ParleyError

_LOOPBACK = "127.0.0.1"
_MOST_CASES = 100_000


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; gives the exit code: 0 done, 1 refused, 2 not understood, 130 interrupted."""
    arguments = vars(_parser().parse_args(argv))
    act = arguments.pop("act")
    stop_on_signals()
    try:
        return int(act(**arguments))
    except KeyboardInterrupt:
        return 130
    except ParleyError as error:
        _say(error)
        return 1
    except (PortTaken, NotLoopback, NoSuchFolder, BadMailServer, commands.NotNow) as error:
        print(_sentence(error), file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}", file=sys.stderr)
        return 1


def _say(error: ParleyError) -> None:
    print(error.message, file=sys.stderr)
    if isinstance(error, ModelRefused):
        for problem in error.problems:
            print(checking.line_of(problem), file=sys.stderr)
    elif isinstance(error, Invalid):
        for one in error.errors:
            print(f"  {one.path}: {one.message}", file=sys.stderr)


def _sentence(error: Exception) -> str:
    return str(error) or " ".join((type(error).__doc__ or "").split())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="parley", description="Runs procedures that are drawn as BPMN diagrams.")
    subs = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    demo = _serving(subs, "demo", commands.demo, "a seeded program to look around in, on this machine only", port=8080)
    demo.add_argument("--cases", type=_many, metavar="N", help="so many made-up cases besides, played over a year and a half up to now")
    demo.add_argument("--seed", type=int, default=commands.SEED, metavar="S", help="the same cases for the same number")
    demo.add_argument("--only-make", dest="serves", action="store_false", help="make it and stop, without serving it")
    serve = _serving(subs, "serve", commands.serve, "serve a program", port=8080)
    serve.add_argument("--url", help="the address people use when a proxy with TLS stands in front, like https://cases.example.org")
    _serving(subs, "sandbox", commands.sandbox, "an empty system whose clock can be moved, on this machine only", port=0)
    deploy = _local(subs, "deploy", commands.deploy, "deploy the files of a folder")
    deploy.add_argument("folder", metavar="DIR", help="the folder with pack.toml, diagrams and decision tables")
    deploy.add_argument("--as", dest="login", help="the account that deploys; the system itself when left out")
    check = subs.add_parser("check", help="say what is wrong with the files of a folder and run its scenarios, without deploying them")
    check.add_argument("folder", metavar="DIR")
    check.add_argument("--json", dest="as_json", action="store_true", help="all of it as one JSON object")
    check.set_defaults(act=checking.check)
    _local(subs, "migrate", commands.migrate, "bring the database to this version")
    _local(subs, "verify", commands.verify, "check that nothing in the audit trail was changed, put in or taken out")
    _report(subs)
    _event_log(subs)
    _accounts(subs)
    _bench(subs)
    return parser


def _report(subs: Any) -> None:
    report = _local(subs, "report", commands.report, "write the figures of a month or year as files")
    report.add_argument("--month", dest="period", required=True, metavar="YYYY-MM", help="a month such as 2026-10, or a year")
    report.add_argument("--out", required=True, metavar="DIR", help="the folder that gets the PDF, the CSV and its dictionary")
    report.add_argument("--as", dest="login", help="the account that reads them; the system itself when left out")


def _event_log(subs: Any) -> None:
    log = _local(subs, "event-log", commands.event_log, "write the steps that cases went through as XES, for process mining; no content")
    log.add_argument("--out", required=True, metavar="FILE", help="the file that is written")
    log.add_argument("--since", type=date.fromisoformat, metavar="DAY", help="only cases opened on this day or later, as 2026-10-01")
    log.add_argument("--until", type=date.fromisoformat, metavar="DAY", help="only cases opened on this day or before")
    log.add_argument("--numbers", action="store_true", help="name cases by their numbers instead of made-up names")
    log.add_argument("--as", dest="login", required=True, metavar="LOGIN", help="the account that takes it out; it is written down")


def _bench(subs: Any) -> None:
    bench = subs.add_parser("bench", help="measure this machine against the budgets").add_subparsers(required=True, metavar="WHAT")
    engine = bench.add_parser("engine", help="the engine beside the library it is built on; 1 when a budget is missed")
    engine.add_argument("--quick", action="store_true", help="few samples, in half a minute")
    engine.set_defaults(act=_later("api.bench.engine", "engine"))
    http = bench.add_parser("http", help="this server under clients, and the same rows written alone; 1 when a budget is missed")
    http.add_argument("--quick", action="store_true", help="few calls, in half a minute")
    http.add_argument("--tasks", type=int, metavar="N", help="open tasks that the lists are read from (100,000; with --quick 10,000)")
    http.set_defaults(act=_later("api.bench.http", "http"))


def _later(module: str, name: str) -> Callable[..., int]:
    """A command of a module that the other commands do not need and would wait for."""

    def act(**arguments: Any) -> int:
        return int(getattr(import_module(module), name)(**arguments))

    return act


def _accounts(subs: Any) -> None:
    user = subs.add_parser("user", help="accounts").add_subparsers(required=True, metavar="ACT")
    add = _local(user, "add", commands.add_user, "add a person who can sign in; asks for the password")
    add.add_argument("login")
    add.add_argument("--name", help="the person's name; the login when left out")
    add.add_argument("--role", dest="roles", action="append", default=[], help="a program role; may be given several times")
    add.add_argument("--administrator", action="store_true", help="may manage people and procedures, and sees no case content")
    token = subs.add_parser("token", help="API tokens").add_subparsers(required=True, metavar="ACT")
    make = _local(token, "add", commands.add_token, "make an API token and print it, this once")
    make.add_argument("login")
    make.add_argument("--label", default="command line", help="what it is for")
    host = subs.add_parser("host", help="hosts that webhooks may call").add_subparsers(required=True, metavar="ACT")
    allow = _local(host, "allow", commands.allow_host, "let webhooks call a host")
    allow.add_argument("name", metavar="NAME[:PORT]")
    allow.add_argument("--private", action="store_true", help="also where its address is private or loopback, and without TLS")
    _local(host, "forbid", commands.forbid_host, "let webhooks call a host no longer").add_argument("name", metavar="NAME[:PORT]")
    _local(host, "list", commands.list_hosts, "print the hosts that webhooks may call")


def _serving(subs: Any, name: str, act: Any, text: str, *, port: int) -> argparse.ArgumentParser:
    sub = _local(subs, name, act, text)
    sub.add_argument("--host", default=_LOOPBACK, help=f"the address to listen on ({_LOOPBACK})")
    sub.add_argument("--port", type=_port, default=None if port else 0, help=f"the port to listen on ({port or 'any free one'})")
    sub.set_defaults(usual_port=port)
    return sub


def _local(subs: Any, name: str, act: Any, text: str) -> argparse.ArgumentParser:
    sub: argparse.ArgumentParser = subs.add_parser(name, help=text, description=text)
    sub.add_argument("--data", metavar="DIR", help="the folder with the database file and keys")
    sub.set_defaults(act=act)
    return sub


def _many(text: str) -> int:
    cases = int(text)
    if not 1 <= cases <= _MOST_CASES:
        raise argparse.ArgumentTypeError(f"Give a number from 1 to {_MOST_CASES:,}.")
    return cases


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65_535:
        raise argparse.ArgumentTypeError("A port is a number from 0 to 65535.")
    return port


if __name__ == "__main__":
    sys.exit(main())

"""pack.toml as bytes -> a Pack, or the list of what is wrong with it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any, TypeAlias

from engine.language import kept
from engine.model.calendars import PLAIN, Calendar
from engine.model.errors import Problem
from engine.model.fillings import Filling, Hearing
from engine.model.packs import (
    CaseRules,
    Criterion,
    DeadlineRule,
    EntryMessage,
    Exclusion,
    MessageRule,
    NoticeText,
    Pack,
    Panel,
    PanelKind,
    Relation,
    Role,
    RoleKind,
    Rung,
    RungAct,
    SettingRule,
    ValueType,
    VariableRule,
    Weighing,
)
from engine.model.policies import Before, Lint, LintException, Policies
from engine.packs import calendars, guides, measures, surveys, telling, tiles
from engine.packs.references import inner_problems
from engine.packs.shape import PACK
from engine.remembering import by_content
from engine.schemas import faults, sentence

# What tomllib gives is checked against the schema before anything below touches it.
_Raw: TypeAlias = Mapping[str, Any]

#: A pack is words, not content; anything larger is a mistake.
MAX_BYTES = 512 * 1024


def read(toml: bytes, *, file: str) -> tuple[Pack | None, tuple[Problem, ...]]:
    """Read and check a pack by itself (what it says of diagrams and forms: `check`).

    None when the file is malformed or misshapen. A pack that comes with problems is to be refused.
    """
    return _read(file, toml)


@by_content(16)
def _read(file: str, toml: bytes) -> tuple[Pack | None, tuple[Problem, ...]]:
    raw, problem = _parsed(toml, file)
    if raw is None:
        return None, (problem,) if problem else ()
    wrong = faults(PACK, raw)
    if wrong:
        return None, tuple(
            Problem(file, ".".join(str(part) for part in fault.path) or None, _code(fault.keyword), sentence(fault)) for fault in wrong
        )
    pack = _pack(raw)
    return pack, inner_problems(pack, raw, file)


def _parsed(toml: bytes, file: str) -> tuple[_Raw | None, Problem | None]:
    if len(toml) > MAX_BYTES:
        return None, Problem(
            file, None, "too-large", kept("A pack file has at most {max_bytes} KB; shorten its words.", max_bytes=MAX_BYTES // 1024)
        )
    try:
        return tomllib.loads(toml.decode("utf-8")), None
    except UnicodeDecodeError as error:
        return None, Problem(
            file, None, "not-utf-8", kept("The file is not UTF-8 text (byte {start}); save it as UTF-8.", start=error.start)
        )
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return None, Problem(
            file, None, "malformed-toml", kept("The file is not well-formed TOML; correct it there: {error}.", error=error)
        )


def _code(keyword: str) -> str:
    match keyword:
        case "additionalProperties":
            return "unknown-key"
        case "required":
            return "missing-key"
        case "propertyNames":
            return "bad-name"
        case "format":
            return "bad-duration"
        case _:
            return "bad-value"


def _pack(raw: _Raw) -> Pack:
    policies = raw.get("policies", {})
    working = {key: calendars.read(key, entry) for key, entry in raw.get("calendars", {}).items()}
    asked = tuple(surveys.read(entry) for entry in raw.get("surveys", []))
    return Pack(
        key=raw["key"],
        title=raw["title"],
        forms=raw.get("forms", "."),
        language=raw.get("language", "en"),
        calendar=raw.get("calendar", PLAIN),
        case=_case(raw["case"]),
        roles={key: _role(key, entry) for key, entry in raw["roles"].items()},
        lanes=dict(raw.get("lanes", {})),
        exclusions=tuple(
            Exclusion(between=(entry["between"][0], entry["between"][1]), reason=entry["reason"]) for entry in raw.get("exclusions", [])
        ),
        variables={key: _variable(key, entry) for key, entry in raw.get("variables", {}).items()},
        settings={key: _setting(key, entry) for key, entry in raw.get("settings", {}).items()},
        notices={key: NoticeText(key, entry["title"], entry["text"]) for key, entry in raw.get("notices", {}).items()},
        milestones=dict(raw.get("milestones", {})),
        classes=dict(raw.get("classes", {})),
        deadline_rules=tuple(_deadline_rule(entry, working) for entry in raw.get("deadline_rules", [])),
        messages={entry["name"]: _message(entry) for entry in raw.get("messages", [])},
        panels=tuple(_panel(entry) for entry in raw.get("panels", [])),
        tiles=tuple(tiles.read(entry) for entry in raw.get("tiles", [])),
        measures=surveys.split([measures.read(entry) for entry in raw.get("measures", [])], asked),
        least_told=raw.get("figures", {}).get("least", measures.USUAL),
        caseload=measures.read_caseload(raw.get("caseload")),
        surveys=asked,
        guides=tuple(guides.read(entry) for entry in raw.get("guides", [])),
        # Four eyes unless a program says otherwise.
        policies=Policies(policies.get("approval", True), policies.get("coverage", 0), _lint(policies.get("lint", {}))),
        retention=dict(raw.get("retention", {})),
        calendars=working,
        telling=telling.read(raw.get("telling", {})),
        languages=tuple(raw.get("languages", [])),
        translations={language: dict(said) for language, said in raw.get("translations", {}).items()},
    )


def _panel(raw: _Raw) -> Panel:
    return Panel(
        key=raw["key"],
        title=raw["title"],
        forms=tuple(raw.get("forms", [])),
        columns=tuple(raw.get("columns", [])),
        kind=PanelKind(raw.get("kind", PanelKind.RECORDS)),
        entries=tuple(raw.get("entries", [])),
        adds=tuple(raw.get("adds", [])),
        about=dict(raw.get("about", {})),
        staff=raw.get("staff", False),
        date=raw.get("date"),
        state=raw.get("state"),
        done=tuple(raw.get("done", [])),
        released=raw.get("released"),
        permission=raw.get("permission"),
        signatures=raw.get("signatures"),
        criteria=tuple(_criterion(entry) for entry in raw.get("criteria", [])),
        balance=_weighing(raw["balance"]) if "balance" in raw else None,
        fills=_filling(raw["fills"]) if "fills" in raw else None,
        hears=Hearing(raw["hears"]["form"], raw["hears"]["rows"], dict(raw["hears"]["takes"])) if "hears" in raw else None,
        tally=dict(raw.get("tally", {})),
        afterwards=raw.get("afterwards", False),
        tells=tuple(EntryMessage(entry["form"], entry["when"], entry["message"]) for entry in raw.get("tells", [])),
    )


def _filling(raw: _Raw) -> Filling:
    return Filling(
        milestone=raw["milestone"],
        form=raw["form"],
        rows=raw["rows"],
        entry=raw["entry"],
        takes=dict(raw["takes"]),
        begins=dict(raw.get("begins", {})),
        about=raw.get("about"),
        replaced=raw.get("replaced"),
    )


def _weighing(raw: _Raw) -> Weighing:
    return Weighing(tuple(raw["forms"]), tuple(raw.get("minutes", [])), raw["limit"], tuple(raw.get("shown", [])))


def _criterion(raw: _Raw) -> Criterion:
    return Criterion(raw["form"], raw.get("since"), tuple(raw.get("records", [])), raw.get("each"), raw["label"])


def _lint(raw: _Raw) -> Lint:
    return Lint(
        levels=dict(raw.get("levels", {})),
        required=tuple(raw.get("required", [])),
        before=tuple(Before(entry["element"], tuple(entry["needs"])) for entry in raw.get("before", [])),
        reports={form: tuple(fields) for form, fields in raw.get("reports", {}).items()},
        exceptions=tuple(LintException(entry["code"], entry["at"], entry["reason"]) for entry in raw.get("exceptions", [])),
    )


def _case(raw: _Raw) -> CaseRules:
    return CaseRules(
        label=raw.get("label", "Case"),
        number=raw["number"],
        process=raw["process"],
        opening_form=raw.get("opening_form"),
        required_participants=dict(raw.get("required_participants", {})),
        duplicate_months=raw.get("duplicate_months", 0),
        intensity=raw.get("intensity"),
        afterwards=tuple(raw.get("afterwards", [])),
    )


def _role(key: str, raw: _Raw) -> Role:
    return Role(
        key=key,
        label=raw["label"],
        kind=RoleKind(raw["kind"]),
        staff=raw.get("staff", True),
        eligible=raw.get("eligible"),
        read={cls: Relation(relation) for cls, relation in raw.get("read", {}).items()},
        write={cls: Relation(relation) for cls, relation in raw.get("write", {}).items()},
        may=frozenset(raw.get("may", [])),
    )


def _variable(key: str, raw: _Raw) -> VariableRule:
    label, values = raw.get("label", key), dict(raw.get("values", {}))
    return VariableRule(key, ValueType(raw["type"]), label, raw.get("fact", False), values, raw.get("staff", False))


def _setting(key: str, raw: _Raw) -> SettingRule:
    return SettingRule(key, ValueType(raw["type"]), raw.get("label", key), raw["default"], raw.get("min"), raw.get("max"))


def _deadline_rule(raw: _Raw, working: Mapping[str, Calendar]) -> DeadlineRule:
    rungs = tuple(_rung(number, entry) for number, entry in enumerate(raw["rungs"], start=1))
    return DeadlineRule(raw["key"], tuple(raw["applies_to"]), rungs, working.get(raw.get("working", PLAIN)), raw.get("label", ""))


def _rung(number: int, raw: _Raw) -> Rung:
    return Rung(
        number=number,
        offset=raw.get("offset"),
        percentage=raw.get("percentage"),
        act=RungAct(raw["act"]),
        to=raw.get("to"),
        notice=raw.get("notice"),
        process=raw.get("process"),
        label=raw.get("label"),
        after=raw.get("after"),
    )


def _message(raw: _Raw) -> MessageRule:
    return MessageRule(raw["name"], raw["label"], tuple(raw["roles"]), dict(raw.get("payload", {})), raw.get("of"), raw.get("confirm"))

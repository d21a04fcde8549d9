"""Reading process definitions: newest versions, all versions, sources, and how much of each runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from engine import store
from engine.language import noted, say
from engine.model.access import Actor
from engine.model.deployed_views import DefinitionLine
from engine.model.deployments import Definition
from engine.model.errors import NotFound
from engine.model.lists import Page
from engine.model.packs import Act
from engine.model.states import DeploymentState
from engine.model.views import Stoppage
from engine.operations import live
from engine.store import UnitOfWork
from engine.store.definitions import Numbered

_NO_VERSION = noted("No such version of a process definition is deployed.")


def list_(uow: UnitOfWork, actor: Actor, *, cursor: str | None = None, limit: int = 50, starts: bool = True) -> Page[DefinitionLine]:
    """The newest approved version of every process, by key; `cursor` is the last key of the page before.

    How they start by themselves is looked up only when `starts` asks for it.
    """
    live.require_program_act(uow, actor, Act.DEFINITION_VIEW)
    rows = [row for row in store.definitions.list_latest(uow, actor.program_id) if row.key > (cursor or "")]
    shown = rows[: max(1, min(limit, 200))]
    more = shown[-1].key if len(rows) > len(shown) else None
    return Page(_lines(uow, actor, shown, starts=starts), more)


def versions(uow: UnitOfWork, actor: Actor, key: str) -> tuple[DefinitionLine, ...]:
    """All versions of a process, newest first, those waiting for approval too. Raises NotFound."""
    live.require_program_act(uow, actor, Act.DEFINITION_VIEW)
    rows = store.definitions.versions(uow, actor.program_id, key)
    if not rows:
        raise NotFound(say("No process definition of that key is deployed."))
    return _lines(uow, actor, rows, every=rows)


def get(uow: UnitOfWork, actor: Actor, key: str, version: int | None = None) -> DefinitionLine:
    """One version of a process, the newest approved one unless named."""
    live.require_program_act(uow, actor, Act.DEFINITION_VIEW)
    return _lines(uow, actor, [_row(uow, actor, key, version)])[0]


def with_versions(uow: UnitOfWork, actor: Actor, key: str, version: int | None = None) -> tuple[DefinitionLine, tuple[DefinitionLine, ...]]:
    """What `get` and `versions` give, looked up together."""
    lines = versions(uow, actor, key)
    for line in lines:
        wanted = line.definition.state is DeploymentState.ACTIVE if version is None else line.definition.version == version
        if wanted:
            return line, lines
    raise NotFound(say(_NO_VERSION))


def callers(uow: UnitOfWork, actor: Actor, key: str, version: int) -> tuple[tuple[str, str, int], ...]:
    """(key, title, version) of the procedures inside of which cases run a version of a called one now, by title."""
    live.require_program_act(uow, actor, Act.DEFINITION_VIEW)
    found = set()
    for called, definition_id, _number in store.definitions.called_counts(uow, actor.program_id, unseen_by=actor.person_id):
        if called == key and store.definitions.get(uow, _pinned(uow, definition_id, key)).version == version:
            outer = store.definitions.get(uow, definition_id)
            found.add((outer.key, outer.name or outer.key, outer.version))
    return tuple(sorted(found, key=lambda one: (one[1], one[2])))


def titles(uow: UnitOfWork, actor: Actor) -> dict[str, str]:
    """What procedures are called, by key. They hold no case data: all who sign in may know them."""
    return store.definitions.titles(uow, actor.program_id)


def of_deployment(uow: UnitOfWork, actor: Actor, deployment_id: str) -> tuple[Definition, ...]:
    """The new versions that one deployment brought, whether approved or not."""
    live.require_program_act(uow, actor, Act.DEFINITION_VIEW)
    rows = store.definitions.of_deployment(uow, deployment_id)
    return tuple(row for row in rows if row.program_id == actor.program_id)


def source(uow: UnitOfWork, actor: Actor, key: str, version: int | None = None) -> bytes:
    """The diagram as its author sent it, byte for byte. Diagrams hold no case data: all who sign in may see them."""
    return _row(uow, actor, key, version).source


def stoppages(uow: UnitOfWork, actor: Actor, key: str) -> tuple[Stoppage, ...]:
    """Where cases of a process stopped by an error, by version, element and sentence.

    It says nothing of the cases: whoever looks after procedures need not see any (domain 4.6).
    """
    live.require_program_act(uow, actor, Act.DEFINITION_VIEW)
    stopped = store.incidents.open_by_element(uow, actor.program_id, key, unseen_by=actor.person_id)
    if not stopped:
        return ()
    numbers = {one.id: one.version for one in store.definitions.numbers(uow, actor.program_id, {key})}
    found: Counter[tuple[int, str, str]] = Counter()
    for definition_id, element_id, message, number in stopped:
        pinned = numbers.get(definition_id) or numbers.get(_pinned(uow, definition_id, key))
        found[pinned or max(numbers.values(), default=0), element_id, message] += number
    return tuple(Stoppage(*place, number) for place, number in found.most_common())


def _pinned(uow: UnitOfWork, definition_id: str, key: str) -> str:
    """The version of a called process that instances of a definition run."""
    return str(live.manifest(store.definitions.get(uow, definition_id))["processes"].get(key))


def _row(uow: UnitOfWork, actor: Actor, key: str, version: int | None) -> Definition:
    if version is None:
        found = store.definitions.latest(uow, actor.program_id, key)
    else:
        found = store.definitions.get_version(uow, actor.program_id, key, version)
    if found is None:
        raise NotFound(say(_NO_VERSION))
    return found


def _lines(
    uow: UnitOfWork, actor: Actor, rows: Sequence[Definition], *, every: Sequence[Definition] = (), starts: bool = True
) -> tuple[DefinitionLine, ...]:
    """How much of processes runs: instances of their own, and those of other processes that wait inside of them.

    The same few statements however many there are; `rows` are of one program. `every`: all versions of these, when known.
    """
    if not rows:
        return ()
    program_id, keys = rows[0].program_id, {row.key for row in rows}
    counts = store.definitions.running_counts(uow, program_id, unseen_by=actor.person_id)
    numbers = [Numbered(one.id, one.key, one.version, one.state) for one in every] or store.definitions.numbers(uow, program_id, keys)
    called = [count for count in store.definitions.called_counts(uow, program_id, unseen_by=actor.person_id) if count[0] in keys]
    found = store.starts.of_processes(uow, program_id, keys) if starts else ()
    lines = []
    for row in rows:
        own = [count for count in counts if count.key == row.key]
        versions = [one for one in numbers if one.key == row.key]
        running = Counter({count.version: count.running for count in own})
        running.update(_called(uow, row, versions, called))
        lines.append(
            DefinitionLine(
                definition=row,
                running=running.total(),
                incidents=sum(count.incidents for count in own),
                versions=sum(one.state is DeploymentState.ACTIVE for one in versions),
                running_by_version=dict(running),
                starts=tuple(one for one in found if one.definition_id == row.id),
            )
        )
    return tuple(lines)


def _called(uow: UnitOfWork, row: Definition, versions: Sequence[Numbered], called: Sequence[tuple[str, str, int]]) -> Counter[int]:
    """Instances of other processes that wait inside of this one, by the version of it that they are pinned to."""
    numbers = {version.id: version.version for version in versions}
    found: Counter[int] = Counter()
    for key, definition_id, number in called:
        if key == row.key:
            found[numbers.get(_pinned(uow, definition_id, key), row.version)] += number
    return found

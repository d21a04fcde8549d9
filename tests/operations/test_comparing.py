"""What a change changes, in sentences: against its base, a deployment against what it replaces, two versions of a procedure."""

from __future__ import annotations

import pytest

from engine.model.compared import Mark
from engine.model.deployments import Change
from engine.model.errors import NotFound
from engine.operations.drafting import change_files, changes
from engine.operations.releasing import comparing, publishing
from engine.operations.releasing.comparing import Comparison
from engine.store import Store
from tests.operations import shelf
from tests.operations.conftest import cast
from tests.world import World

APPROVED = {"approval = false": "approval = true"}
LIBRARY = shelf.library(changed=APPROVED)


@pytest.fixture
def world(empty: Store) -> World:
    """The library, where a second trustee approves changes."""
    world = cast(empty, LIBRARY)
    world.person("tia", "trustee")
    world.person("tim", "trustee")
    return world


def change(world: World, *files: tuple[str, bytes, bytes], because: str = "They ask for it") -> Change:
    """A change of tia's with texts replaced in files: (name, from, to)."""
    with world.acting("tia") as (uow, actor):
        begun = changes.start(uow, actor, "Other terms", pack="library", why=because)
        for name, old, new in files:
            assert old in LIBRARY[name], name
            change_files.save(uow, actor, begun.id, name, LIBRARY[name].replace(old, new), 0)
    return begun


def compared(world: World, change: Change, *, live_now: bool = False) -> Comparison:
    with world.reading("tia") as (uow, actor):
        return comparing.of_change(uow, actor, change.id, live_now=live_now)


def test_a_change_without_a_difference_says_nothing(world: World) -> None:
    assert compared(world, change(world)).files == ()


def test_another_name_is_one_sentence_at_its_element(world: World) -> None:
    found = compared(world, change(world, ("loan.bpmn", b'name="Answer the terms"', b'name="Say yes or no"')))
    (file,) = found.files
    assert found.sentences == ("“Answer the terms”, name: Answer the terms → Say yes or no",)
    assert (file.name, file.places(Mark.CHANGED)) == ("loan.bpmn", (file.lines[0].place,))


@pytest.mark.parametrize("kind", ["task", "userTask", "manualTask"])
def test_a_new_step_says_who_does_it(world: World, kind: str) -> None:
    was = b'<bpmn:userTask id="answer-terms"'
    drawn = f'<bpmn:{kind} id="look" name="Look again" parley:role="librarian"/>'.encode()
    (told,) = compared(world, change(world, ("loan.bpmn", was, drawn + was))).sentences
    assert "“Look again”" in told
    assert "done by Librarian" in told


def test_a_setting_is_told_with_its_values_and_where_diagrams_use_it(world: World) -> None:
    found = compared(world, change(world, ("pack.toml", b'default = "P7D"', b'default = "P9D"')))
    assert found.sentences == (
        "“Answer the terms”, due: within 7 days → within 9 days (by a setting; new cases)",
        "“Wait for the book”, due: within 7 days → within 9 days (by a setting; new cases)",
        "Setting “The terms are to be answered within”: 7 days → 9 days (new cases)",
    )
    assert found.files[0].places(Mark.CHANGED) == ("answer-terms", "recall")


def test_rungs_of_a_ladder_are_told_with_whom_they_reach_and_when(world: World) -> None:
    reminder = (b'{ offset = "-P1D", act', b'{ offset = "-P2D", act')
    found = compared(world, change(world, ("pack.toml", *reminder)))
    (told,) = found.sentences
    assert told.startswith("Deadline rule “every other task”, reminder to whoever has the task: ")
    assert "1 day before it is due → 2 days before it is due" in told
    assert told.endswith("(at once, also for what is open)")


@pytest.mark.parametrize(("label", "said"), [(b"", "Answer the terms"), (b'label = "Terms"\n', "Terms")])
def test_a_deadline_rule_is_called_by_its_label_or_by_its_tasks_never_by_its_key(world: World, label: bytes, said: str) -> None:
    was = b'key = "terms"\napplies_to = ["loan/answer-terms"]\nrungs = [{ percentage = 50'
    now = was.replace(b"50", b"60").replace(b'"terms"\n', b'"terms"\n' + label)
    found = compared(world, change(world, ("pack.toml", was, now)))
    assert any(one.startswith(f"Deadline rule “{said}”, reminder") for one in found.sentences)
    assert not any("“terms”" in one for one in found.sentences)


def test_a_deployment_is_compared_with_what_its_change_was_based_on(world: World) -> None:
    begun = change(world, ("loan.bpmn", b'name="Answer the terms"', b'name="Say yes or no"'))
    with world.acting("tia") as (uow, actor):
        asked = publishing.ask(uow, actor, begun.id)
    assert asked.deployment_id is not None
    with world.reading("tim") as (uow, actor):
        found = comparing.of_deployment(uow, actor, asked.deployment_id)
    assert found.sentences == ("“Answer the terms”, name: Answer the terms → Say yes or no",)


def test_two_versions_are_compared_with_all_they_are_pinned_to(world: World) -> None:
    begun = change(
        world,
        ("loan.bpmn", b'name="Answer the terms"', b'name="Say yes or no"'),
        ("loan-terms.json", b'"title": "', b'"title": "New: '),
    )
    with world.acting("tia") as (uow, actor):
        asked = publishing.ask(uow, actor, begun.id)
    with world.acting("tim") as (uow, actor):
        publishing.decide(uow, actor, asked.deployment_id or "", True)
    with world.reading("tia") as (uow, actor):
        found = comparing.of_versions(uow, actor, "loan", 1, 2)
        backwards = comparing.of_versions(uow, actor, "loan", 2, 1)
        with pytest.raises(NotFound):
            comparing.of_versions(uow, actor, "loan", 1, 9)
    assert [file.name for file in found.files] == ["loan.bpmn", "loan-terms.json"]
    assert any("→ Say yes or no" in text for text in found.sentences)
    assert any("Say yes or no →" in text for text in backwards.sentences)


def test_a_change_can_be_compared_with_what_became_live_meanwhile(world: World) -> None:
    first = change(world, ("loan.bpmn", b'name="Answer the terms"', b'name="Say yes or no"'))
    second = change(world, ("loan.bpmn", b'name="Answer the terms"', b'name="Decide"'))
    with world.acting("tia") as (uow, actor):
        asked = publishing.ask(uow, actor, first.id)
    with world.acting("tim") as (uow, actor):
        publishing.decide(uow, actor, asked.deployment_id or "", True)
    assert compared(world, second).sentences == ("“Answer the terms”, name: Answer the terms → Decide",)
    assert compared(world, second, live_now=True).sentences == ("“Say yes or no”, name: Say yes or no → Decide",)


def test_files_that_cannot_be_read_are_compared_line_by_line(world: World) -> None:
    broken = change(world, ("loan.bpmn", b"</bpmn:definitions>", b"</bpmn:wrong>"), ("pack.toml", b"[roles.", b"[roles"))
    found = {file.name: file for file in compared(world, broken).files}
    assert "</bpmn:wrong>" in str(found["loan.bpmn"].lines[-1].after)
    assert found["pack.toml"].lines


def test_a_file_that_is_new_or_taken_out_is_said_once(world: World) -> None:
    begun = change(world)
    with world.acting("tia") as (uow, actor):
        change_files.save(uow, actor, begun.id, "more.json", b'{"$id": "more", "title": "More"}', 0)
        change_files.remove(uow, actor, begun.id, "loan-return.json")
    marks = {file.name: (file.mark, len(file.lines)) for file in compared(world, begun).files}
    assert marks == {"more.json": (Mark.ADDED, 1), "loan-return.json": (Mark.REMOVED, 1)}

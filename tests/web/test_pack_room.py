"""The pack room: settings, roles, duties, ladders, facts and words of a change, changed on pages without script."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from api.web.studio.pack_parts import PARTS
from tests.visiting import Visitor
from tests.web.test_changes import begin, save
from tests.world import World

Visit = Callable[[str], Visitor]


@pytest.fixture
def tom(visit: Visit, library: World) -> Visitor:
    return visit("tom")


@pytest.fixture
def change(tom: Visitor) -> str:
    return begin(tom)


def pack(visitor: Visitor, change: str) -> dict[str, Any]:
    return tomllib.loads(visitor.client.get(f"{change}/files/pack.toml").text)


def text(visitor: Visitor, change: str) -> str:
    return visitor.client.get(f"{change}/files/pack.toml").text


def test_the_room_lists_every_part_and_each_opens(tom: Visitor, change: str) -> None:
    room = tom.see(f"{change}/pack")
    links = room.xpath("//a[@class='row-link']/@href")
    assert len(links) == len(PARTS)
    for link in links:
        page = tom.see(link)
        for entry in page.xpath("//a[@class='row-link']/@href"):
            tom.see(entry)


MISSHAPEN = {"calendar": "calendar = -1", "case": 'case = "x"', "notices": 'notices = ["x"]', "notices.late": "[notices]\nlate = true"}


@pytest.mark.parametrize("where", MISSHAPEN)
def test_a_pack_of_another_shape_is_refused_with_the_place(tom: Visitor, change: str, where: str) -> None:
    headers = {"If-Match": '"0"', "X-CSRF-Token": "a token of this session"}
    assert tom.client.put(f"{change}/files/pack.toml", data=MISSHAPEN[where].encode(), headers=headers).status_code == 200
    for page in ("", "/settings", "/case", "/calendar"):
        tom.see(f"{change}/pack{page}", 400)
        assert f"Pages cannot change this pack: {where}: " in tom.text()


def test_saving_any_page_as_it_is_changes_not_a_byte(tom: Visitor, change: str) -> None:
    before = text(tom, change)
    for key, part in PARTS.items():
        page = tom.see(f"{change}/pack/{key}")
        for entry in [f"{change}/pack/{key}"] if part.whole else page.xpath("//a[@class='row-link']/@href"):
            tom.see(entry)
            tom.submit("Save")
            assert text(tom, change) == before, entry


def test_a_setting_gets_another_value_in_number_and_unit(tom: Visitor, change: str) -> None:
    before = text(tom, change)
    tom.see(f"{change}/pack/settings/entries/answerDue")
    tom.submit("Save", {"default-number": "9"})
    assert text(tom, change) == before.replace('default = "P7D"', 'default = "P9D"')
    assert "9 days" in tom.text()


def test_a_value_out_of_bounds_is_told_at_its_field_and_kept_as_typed(tom: Visitor, change: str) -> None:
    tom.see(f"{change}/pack/settings/entries/answerDue")
    page = tom.submit("Save", {"default-number": "31"}, status=422)
    assert page.xpath("//*[@id='f-default-error']")
    assert page.xpath("//input[@name='default-number']/@value") == ["31"]
    assert pack(tom, change)["settings"]["answerDue"]["default"] == "P7D"


@pytest.mark.parametrize("number", ["", "soon", "-1", "1.5", "9" * 40, "<b>", "\x00"])
def test_what_is_no_length_of_time_is_refused_in_words(tom: Visitor, change: str, number: str) -> None:
    tom.see(f"{change}/pack/settings/entries/answerDue")
    page = tom.submit("Save", {"default-number": number}, status=422)
    assert page.xpath("//div[@role='alert']")


def test_a_setting_is_added_with_a_name_made_from_its_label(tom: Visitor, change: str) -> None:
    tom.see(f"{change}/pack/settings/new")
    tom.submit("Save", {"label": "Ask again after", "type": "duration", "default-number": "2", "default-unit": "D"})
    assert pack(tom, change)["settings"]["askAgainAfter"] == {"type": "duration", "default": "P2D", "label": "Ask again after"}


def test_a_role_is_added_with_what_it_reads_and_may(tom: Visitor, change: str) -> None:
    tom.see(f"{change}/pack/roles/new")
    typed: dict[str, str | list[str]] = {"label": "Night desk", "kind": "program", "may": ["case.view", "task.work"]}
    tom.submit("Save", {**typed, "read-0-code": "C1", "read-0-value": "program"})
    assert pack(tom, change)["roles"]["night-desk"] == {
        "label": "Night desk",
        "kind": "program",
        "read": {"C1": "program"},
        "may": ["case.view", "task.work"],
    }


def test_a_relation_that_never_holds_is_told_at_the_matrix(tom: Visitor, change: str) -> None:
    tom.see(f"{change}/pack/roles/entries/librarian")
    page = tom.submit("Save", {"read-0-value": "case"}, status=422)
    assert page.xpath("//*[@id='f-read-error']")


def test_a_lane_gets_another_role(tom: Visitor, change: str) -> None:
    page = tom.see(f"{change}/pack/lanes")
    (name,) = page.xpath("//input[@value='Desk']/@name")
    tom.submit("Save", {name.replace("-code", "-value"): "keeper"})
    assert pack(tom, change)["lanes"]["Desk"] == "keeper"


def test_two_duties_exclude_each_other_from_now_on(tom: Visitor, change: str) -> None:
    tom.see(f"{change}/pack/exclusions/new")
    tom.submit("Save", {"between-0": "librarian", "between-1": "return-sign-off", "reason": "Four eyes."})
    assert pack(tom, change)["exclusions"][-1] == {"between": ["librarian", "return-sign-off"], "reason": "Four eyes."}
    page = tom.see(f"{change}/pack/exclusions/new")
    page = tom.submit("Save", {"between-0": "librarian", "between-1": "librarian", "reason": ""}, status=422)
    assert page.xpath("//*[@id='f-between-error']")
    assert page.xpath("//*[@id='f-reason-error']")


def test_a_rung_moves_and_one_is_added_and_one_taken_out(tom: Visitor, change: str) -> None:
    tom.see(f"{change}/pack/deadline_rules/entries/1")
    new = {"rungs-2-number": "5", "rungs-2-when": "began", "rungs-2-to": "assignee", "rungs-2-notice": "due-soon", "rungs-2-label": "Early"}
    tom.submit("Save", {"rungs-0-number": "2", "rungs-1-when": "", **new})
    assert pack(tom, change)["deadline_rules"][1]["rungs"] == [
        {"offset": "-P2D", "act": "remind", "to": "assignee", "notice": "due-soon"},
        {"after": "P5D", "act": "remind", "to": "assignee", "notice": "due-soon", "label": "Early"},
    ]


def test_a_rung_is_taken_out_by_a_button_of_its_own_and_the_others_stay_as_they_are_typed(tom: Visitor, change: str) -> None:
    tom.see(f"{change}/pack/deadline_rules/entries/1")
    before = pack(tom, change)["deadline_rules"][1]["rungs"]
    tom.submit("Take it out: Step 1")
    assert pack(tom, change)["deadline_rules"][1]["rungs"] == before[1:]


def test_the_order_of_rules_counts_and_can_be_changed(tom: Visitor, change: str) -> None:
    tom.see(f"{change}/pack/deadline_rules")
    tom.submit("Down: Answer the terms", {"to": "down"})
    assert [rule["key"] for rule in pack(tom, change)["deadline_rules"]] == ["standard", "terms"]


def test_what_is_taken_out_and_still_named_is_a_problem_of_the_change(tom: Visitor, change: str) -> None:
    tom.see(f"{change}/pack/roles/entries/keeper")
    tom.submit("Take this role out")
    assert "keeper" not in pack(tom, change)["roles"]
    assert "There is no role “keeper”" in (tom.see(f"{change}/pack"), tom.text())[1]


def test_of_two_who_change_the_same_entry_the_later_one_is_told(visit: Visit, tom: Visitor, change: str) -> None:
    tia = visit("tia")
    for visitor in (tom, tia):
        visitor.see(f"{change}/pack/settings/entries/answerDue")
    tom.submit("Save", {"default-number": "9"})
    tia.submit("Save", {"default-number": "10"}, status=409)
    tia.see(f"{change}/pack/settings/entries/checkDue")
    tia.submit("Save", {"default-number": "3"})
    found = pack(tom, change)["settings"]
    assert (found["answerDue"]["default"], found["checkDue"]["default"]) == ("P9D", "P3D")


def test_a_pack_that_is_no_toml_is_told_so_on_every_page(tom: Visitor, change: str) -> None:
    save(tom, change, b"key = ", name="pack.toml")
    for path in ("pack", "pack/settings", "pack/settings/new"):
        tom.see(f"{change}/{path}", status=400)
        assert "Correct it as a text" in tom.text()


@pytest.mark.parametrize("path", ["nothing", "settings/entries/nothing", "exclusions/entries/99", "exclusions/entries/x"])
def test_what_is_not_there_is_not_found(tom: Visitor, change: str, path: str) -> None:
    tom.see(f"{change}/pack/{path}", status=404)


def test_markup_in_labels_is_text(tom: Visitor, change: str) -> None:
    tom.see(f"{change}/pack/roles/entries/keeper")
    tom.submit("Save", {"label": "<script>x</script>"})
    page = tom.see(f"{change}/pack/roles")
    assert not page.xpath("//script[contains(., 'x')][not(@src)]")
    assert "<script>x</script>" in tom.text()


def test_who_may_not_draw_reads_but_cannot_save(visit: Visit, change: str) -> None:
    lia = visit("lia")
    assert lia.client.get(f"{change}/pack").status_code in (403, 404)

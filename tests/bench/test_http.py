"""`parley bench http` in small: that it measures every kind of call, counts inside the server and writes the rows again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.bench import http
from api.bench.http import Effort
from engine import store
from engine.operations.people import accounts
from engine.operations.tasks import task_lists
from engine.store.recording import recorded, written_again

_TINY = Effort(tasks=60, runs=2, completions=24, lists=2)
_CALLS = ("start an instance and complete its 3 tasks", "complete a task", "inbox, 100 rows", "list of cases, 100 rows")


def test_the_bench_reports_each_call_by_one_client_and_by_eight_and_judges_the_counts(capsys: pytest.CaptureFixture[str]) -> None:
    http.http(quick=True, effort=_TINY)
    told = capsys.readouterr().out
    assert re.search(r"Python 3\.\d+\.\d+, \d+ cores, load average", told)
    assert "60 open tasks" in told
    for call in _CALLS:
        assert len(re.findall(rf"^  {re.escape(call)} +[18] ", told, re.MULTILINE)) == 2, call
    assert re.search(r"same rows of 24 completions, written alone after each of 3 rounds: [\d,]+ commits a second", told)
    lists = ("statements of the inbox: 3", "statements of the list of cases: 4", "statements of a way into the inbox: 3")
    rooms = ("statements of the board: 4", "statements of the list: 1", "statements of the map: 7")
    for counted in ("commits to complete a task: 1", *lists, *rooms):
        assert re.search(rf"^  met .*{counted}", told, re.MULTILINE), told
    assert len(re.findall(r"^  (met|missed by)", told, re.MULTILINE)) == 15


def test_a_slow_round_does_not_decide_the_ratio() -> None:
    assert http.Raw((0.004,), (0.5, 0.02, 0.6)).ratio == 0.5


def test_the_copied_tasks_are_told_as_work_would_have_left_them(tmp_path: Path) -> None:
    seeded = http.seed(tmp_path, 30, 1)
    opened = store.open(seeded.url)
    with opened.reading() as uow:
        actor = accounts.actor_for_token(uow, seeded.token, via="rest")
        lines = task_lists.list_(uow, actor, limit=100).items
        assert [line.task.id for line in lines] == list(seeded.task_ids)
        assert all(line.can_complete for line in lines)
        assert len({line.case_number for line in lines}) == 30
    opened.close()


def test_what_was_recorded_is_written_again_on_a_copy_and_rolled_back_work_is_not(tmp_path: Path) -> None:
    seeded = http.seed(tmp_path, 3, 1)
    opened = store.open(seeded.url)
    with recorded(opened, lambda _thread: True) as seen:
        seen.keep(10)
        for commits in (True, False):
            with opened.unit_of_work() as uow:
                store.meta.put(uow, "written", str(commits))
                if commits:
                    uow.commit()
    assert (len(seen.transactions), seen.commits, seen.statements) == (1, 1, 2)
    assert len(written_again(seeded.copy, seen.transactions)) == 1
    copied = store.open(seeded.copy)
    with copied.reading() as uow:
        assert store.meta.get(uow, "written") == "True"
    copied.close()
    opened.close()

"""One step of set-up."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from api.setup import steps


def test_a_fingerprint_changes_with_a_byte_a_name_and_a_word(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text("same")
    second.write_text("same")
    before = steps.fingerprint([first])
    assert steps.fingerprint([first]) == before
    assert steps.fingerprint([second]) != before
    assert steps.fingerprint([first], ["word"]) != before
    first.write_text("other")
    assert steps.fingerprint([first]) != before


def test_a_missing_file_has_a_fingerprint_so_that_its_arrival_is_noticed(tmp_path: Path) -> None:
    before = steps.fingerprint([tmp_path / "late"])
    (tmp_path / "late").write_text("here")
    assert steps.fingerprint([tmp_path / "late"]) != before


def test_a_stamp_holds_only_for_what_it_was_written_for(tmp_path: Path) -> None:
    stamp = tmp_path / "stamp"
    assert not steps.holds(stamp, "wanted")
    stamp.write_text("wanted")
    assert steps.holds(stamp, "wanted")
    assert not steps.holds(stamp, "something newer")


def test_a_tool_that_fails_is_quoted_and_the_hint_says_what_to_do(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; print('the disk is full'); sys.exit(3)"]
    with pytest.raises(steps.SetupFailed) as caught:
        steps.run(command, hint="Make room and start again.", cwd=tmp_path)
    assert "the disk is full" in str(caught.value)
    assert str(caught.value).startswith("Make room and start again.")


def test_settings_of_a_persons_own_python_do_not_leak_into_a_tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    command = [sys.executable, "-c", "import os; print(os.environ.get('PYTHONPATH'))"]
    assert steps.run(command, hint="", cwd=tmp_path).strip() == "None"


def test_a_tool_finds_its_neighbours_first_whatever_the_machine_has(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import os; print(os.environ['PATH'].split(os.pathsep)[0])"]
    assert steps.run(command, hint="", cwd=tmp_path).strip() == str(Path(sys.executable).parent)


def test_what_is_being_set_up_is_told_beside_the_output(capsys: pytest.CaptureFixture[str]) -> None:
    steps.say("Building …")
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "Building …\n")

"""What files were read as is remembered by their content, the last ones only."""

from __future__ import annotations

from engine import forms, packs
from engine.packs import editing
from engine.remembering import LARGEST, by_content, by_contents
from tests.world import ROOT


def test_the_same_content_is_read_once_and_another_anew() -> None:
    read: list[bytes] = []

    @by_content(2)
    def work(file: str, data: bytes) -> str:
        read.append(data)
        return file + data.decode()

    assert [work("a", b"1"), work("a", b"1"), work("b", b"1"), work("a", b"2")] == ["a1", "a1", "b1", "a2"]
    assert read == [b"1", b"1", b"2"]
    work("a", b"1")
    assert read[-1] == b"1", "only the last two are remembered"
    work("a", b"x" * (LARGEST + 1))
    work("a", b"x" * (LARGEST + 1))
    assert len(read) == 6, "large files are read each time"


def test_several_files_are_told_by_name_content_and_order() -> None:
    read: list[int] = []

    @by_contents(4)
    def work(files: dict[str, bytes]) -> int:
        read.append(1)
        return len(files)

    for files in ({"a": b"1"}, {"a": b"1"}, {"a": b"2"}, {"a": b"1", "b": b"1"}, {"b": b"1", "a": b"1"}):
        work(files)
    assert len(read) == 4


def test_forms_and_packs_are_remembered_and_a_pack_as_a_table_is_everybody_s_own() -> None:
    form = (ROOT / "tests/packs/library/forms/loan-terms.json").read_bytes()
    assert forms.read(form, file="loan-terms.json")[0] is forms.read(bytes(bytearray(form)), file="loan-terms.json")[0]
    toml = (ROOT / "tests/packs/library/pack.toml").read_bytes()
    assert packs.read(toml, file="pack.toml")[0] is packs.read(bytes(bytearray(toml)), file="pack.toml")[0]
    first = editing.plain(toml.decode())
    first["roles"].clear()
    assert editing.plain(toml.decode())["roles"]

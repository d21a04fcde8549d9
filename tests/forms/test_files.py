"""Files by their content and not by their names, names made fit, and what a form may say of a field for files."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from engine import forms
from engine.forms import sniffing
from engine.model.errors import FormInvalid
from engine.model.files import FileRule

ALL = FileRule(tuple(sniffing.KINDS), 1_000_000)


def packed(**members: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_TYPES", "[Content_Types].xml"), text)
    return held.getvalue()


GOOD = {
    "a.pdf": b"%PDF-1.7",
    "a.PNG": b"\x89PNG\r\n\x1a\n",
    "a.jpeg": b"\xff\xd8\xff\xe0",
    "a.webp": b"RIFF\x00\x00\x00\x00WEBP",
    "a.heic": b"\x00\x00\x00\x18ftypheic",
    "a.docx": packed(_TYPES="", word__document="x"),
    "a.xlsx": packed(_TYPES="", xl__workbook="x"),
    "a.odt": packed(mimetype="application/vnd.oasis.opendocument.text"),
    "a.csv": "náme;válue\n".encode(),
}
BAD = {
    "program": b"MZ\x90\x00\x03",
    "page": b" <!doctype html><script>",
    "drawing": b"<svg xmlns='x'><script/>",
    "script": b"#!/bin/sh\nrm",
    "folder": packed(some="thing"),
    "broken folder": b"PK\x03\x04" + b"\xff" * 60,
    "control characters": b"text \x00 text",
    "another alphabet": b"\xe1\xe9\xed",
}


@pytest.mark.parametrize("name", GOOD)
def test_a_file_is_known_by_its_content(name: str) -> None:
    found = sniffing.recognise("/f", name, io.BytesIO(GOOD[name]), len(GOOD[name]), ALL)
    assert name.rpartition(".")[2].casefold() in found.endings


@pytest.mark.parametrize("what", BAD)
@pytest.mark.parametrize("ending", ["pdf", "docx", "txt"])
def test_what_is_no_kind_of_ours_is_refused_under_any_name(what: str, ending: str) -> None:
    with pytest.raises(FormInvalid) as refused:
        sniffing.recognise("/f", f"a.{ending}", io.BytesIO(BAD[what]), len(BAD[what]), ALL)
    assert refused.value.errors[0].path == "/f"
    assert "cannot be taken. Choose one of: PDF (.pdf)" in refused.value.message
    assert ("but inside it is none" in refused.value.message) == (ending != "txt")


def test_a_file_that_is_empty_or_too_large_is_refused_in_words() -> None:
    for size, said in ((0, "“a.pdf” is empty"), (1_000_001, "“a.pdf” is too large; a file has at most 1 MB here.")):
        with pytest.raises(FormInvalid, match=said):
            sniffing.recognise("/f", "a.pdf", io.BytesIO(b"%PDF-1.7"), size, ALL)


def test_a_document_with_a_program_inside_is_refused() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in ("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"):
            archive.writestr(name, "x")
    with pytest.raises(FormInvalid):
        sniffing.recognise("/f", "a.docx", held, len(held.getvalue()), ALL)


@pytest.mark.parametrize("real", GOOD)
@pytest.mark.parametrize("said", GOOD)
def test_a_file_that_lies_about_its_kind_is_told_what_it_is(real: str, said: str) -> None:
    if real == said:
        return
    with pytest.raises(FormInvalid, match="is not what its name says: inside it is a file of the kind"):
        sniffing.recognise("/f", said, io.BytesIO(GOOD[real]), len(GOOD[real]), ALL)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\ana\\scan.pdf", "scan.pdf"),
        ("../../etc/passwd", "passwd"),
        ("in\x00vo\x1bice\r\n.pdf", "invoice.pdf"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("  a \t b\u00a0c .pdf ", "a b c .pdf"),
        (".hidden", "hidden"),
        ("\x00", "file"),
        ("", "file"),
        ("x" * 400 + ".pdf", "x" * 116 + ".pdf"),
        ("e\u0301.pdf", "é.pdf"),
    ],
)
def test_a_name_is_kept_without_what_cannot_be_seen(given: str, kept: str) -> None:
    assert sniffing.clean_name(given) == kept


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"type": "string", "x-widget": "file", "x-class": "C3"}, None),
        ({"type": "string", "x-widget": "file", "x-class": "C3", "x-files": {"kinds": ["text"], "most_mb": 25}}, None),
        ({"type": "string", "x-widget": "file"}, "file-in-c1"),
        ({"type": "string", "x-widget": "file", "x-class": "C3", "maxLength": 5}, "unsupported-keyword"),
        ({"type": "number", "x-widget": "file", "x-class": "C3"}, "widget-does-not-fit"),
        ({"type": "string", "x-widget": "file", "x-class": "C3", "x-files": {"most_mb": 900}}, "bad-keyword"),
        ({"type": "string", "x-widget": "file", "x-class": "C3", "x-files": {"kinds": ["program"]}}, "bad-keyword"),
    ],
)
def test_what_a_form_may_say_of_a_file(said: dict[str, object], code: str | None) -> None:
    form = {"$id": "given", "title": "Given", "type": "object", "properties": {"proof": {"title": "Proof", **said}}}
    _, problems = forms.read(json.dumps(form).encode(), file="given.json")
    assert [problem.code for problem in problems] == ([code] if code else [])


def test_an_input_names_its_place_and_a_value_is_put_there() -> None:
    assert [forms.files.path_of(name) for name in ("a", "a.b", "rows-2-doc")] == [("a",), ("a", "b"), ("rows", 2, "doc")]
    assert forms.files.put({"rows": [{"n": 1}]}, ("rows", 0, "doc"), "id") == {"rows": [{"n": 1, "doc": "id"}]}
    assert forms.files.put({}, ("rows", 7, "doc"), "id") == {"rows": [{"doc": "id"}]}
    assert forms.files.put({"g": {"doc": "id"}}, ("g", "doc"), None) == {"g": {}}


@pytest.mark.parametrize(
    "content",
    [b"\xef\xbb\xbf<script>", "año".encode("latin-1"), "año".encode("utf-16"), b"a" * 300_000 + b"\x00", b"a" * 300_000 + b"\xf1"],
)
def test_what_is_no_plain_text_to_its_end_is_refused_with_what_to_do(content: bytes) -> None:
    with pytest.raises(FormInvalid, match="Plain text has to be saved with the encoding UTF-8"):
        sniffing.recognise("/paper", "notes.csv", io.BytesIO(content), len(content), FileRule(("text",), 1_000_000))


def test_a_text_with_a_letter_across_two_blocks_is_taken() -> None:
    content = b"\xef\xbb\xbf" + b"a" * ((1 << 18) - 4) + "ñ".encode()
    assert sniffing.recognise("/paper", "notes.txt", io.BytesIO(content), len(content), FileRule(("text",), 1_000_000)).kind == "text"

"""What a party says to have read stands beside the question, in both languages, and agrees with how long the pack keeps what."""

from __future__ import annotations

import re
import tomllib

from engine import forms
from tests.world import ROOT

FORM = ROOT / "forms/mediation/consent-party.json"
PACK = ROOT / "processes/mediation/pack.toml"


def test_the_notice_about_data_and_the_terms_can_be_read_and_say_what_the_pack_keeps() -> None:
    form, _ = forms.read(FORM.read_bytes(), file=FORM.name)
    spanish = forms.translated(form, "es")
    kept = tomllib.loads(PACK.read_text(encoding="utf-8"))["retention"]
    assert (kept["C4"], kept["C5"], kept["C6"], kept["C2"], kept["C3"]) == ("P90D", "P90D", "P30D", "P3Y", "P3Y")
    for one in (form, spanish):
        texts = {field.name: field.read for field in one.fields if field.read}
        assert texts.keys() == {"confidentiality", "dataNotice"}
        assert set(re.findall(r"\d+", texts["dataNotice"])) == {"90", "30"}
    assert all(a.read != b.read for a, b in zip(form.fields, spanish.fields, strict=True) if a.read)

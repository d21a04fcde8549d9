"""Which question each figure of the shipped survey is about."""

from __future__ import annotations

RATE = ("survey-rate",)
ANSWERS = {
    "satisfied-process": "surveyProcess",
    "satisfied-outcome": "surveyOutcome",
    "fair-voice": "surveyVoice",
    "fair-respect": "surveyRespect",
    "fair-neutral": "surveyNeutral",
    "fair-free": "surveyFree",
}

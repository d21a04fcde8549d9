"""What people are told of a failure never names a class of the program."""

from __future__ import annotations

from engine.model.errors import BadRequest, Conflict, code_of, said


def test_our_own_errors_speak_for_themselves_in_sentences() -> None:
    assert said(BadRequest("The date is wrong")) == "The date is wrong."
    assert said(BadRequest("The date is wrong.")) == "The date is wrong."
    assert code_of(Conflict()) == Conflict.code


def test_other_failures_are_told_in_words_and_without_their_kind() -> None:
    assert said(TypeError("unhashable")) == "The system could not do this step; tell whoever runs it."
    assert code_of(TypeError("unhashable")) == "system-fault"

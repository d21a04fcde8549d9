"""Damaged and malicious diagrams: refused, or run without harm; never an exception."""

from __future__ import annotations

import copy
import itertools
from random import Random

import pytest
from lxml import etree

from engine.bpmn import begin, compile, read, waits
from engine.model.execution import Closure, Env
from tests.bpmn.drawing import (
    START,
    again,
    both,
    boundary,
    catch,
    end,
    error,
    escalation,
    first,
    many,
    mapping,
    message,
    process,
    script,
    signal,
    some,
    start,
    sub,
    tag,
    throw,
    timer,
    user,
    xor,
)

_numbers = itertools.count()


def everything() -> bytes:
    """A process with nearly every construct, to be damaged."""
    handler = sub(
        "esp", start("es", timer("R/P1D"), isInterrupting_="false"), user("h"), end("he"), go="es > h > he", triggeredByEvent_="true"
    )
    inner = sub(
        "box",
        start("i"),
        user("u", again("k < 3")),
        end("bad", error("no")),
        xor("y"),
        end("o"),
        handler,
        go="i > u > y; y > bad [k]; y > o *",
    )
    return process(
        start(),
        start("by", message("new")),
        xor("m"),
        both("s"),
        user("a", many("=[1, 2]", until="numberOfCompletedInstances > 0"), due="P3D", form="f", role="r"),
        script("k", "{ k: 1 }"),
        inner,
        boundary("e", "box", error()),
        boundary("t", "a", timer("P3D")),
        boundary("n", "a", signal("go"), False),
        first("g"),
        catch("c1", message("one")),
        catch("c2", timer("P1D")),
        throw("up", escalation("slow")),
        tag("sendTask", "send", notice="n", to="=k"),
        tag("serviceTask", "do", mapping({"x": "=k"}), operation="op"),
        some("os"),
        some("oj"),
        both("j"),
        end(),
        go=(
            "start > m > s; by > m; s > a > j; t > end; n > end; s > k > os; os > box [k > 0]; os > do *; box > oj; e > oj; do > oj > j; "
            "s > g; g > c1 > up > send > j; g > c2 > send; j > end"
        ),
    )


def attempt(data: bytes) -> bool:
    """Read, and when nothing is wrong run it and ask what it waits for. True when it was accepted."""
    reading = read({"x.bpmn": data})
    for problem in reading.problems:
        assert problem.code
        assert problem.message
    found = [model for model in reading.processes if model.executable and not model.calls and model.plain_start]
    if reading.problems or not found:
        return False
    env = Env(START, {"case": {"id": "c"}}, 300, 60)
    compiled = compile(Closure(found[0].key, f"hostile {next(_numbers)}", {found[0].key: found[0].normalised}))
    turn = begin(compiled, env, {"k": 1}).turn()
    waits(compiled, env, turn.state)
    return True


def outcome(data: bytes) -> str:
    """What becomes of a process: the code of what is wrong with its drawing, of its first fault, or the end it reaches."""
    reading = read({"x.bpmn": data})
    if reading.problems:
        return reading.problems[0].code
    model = reading.processes[0]
    compiled = compile(Closure(model.key, f"hostile {next(_numbers)}", {model.key: model.normalised}))
    turn = begin(compiled, Env(START, {"case": {"id": "c"}}, 300, 60), {"k": 1}).turn()
    assert turn.variables == {"k": 1}
    return turn.faults[0].code if turn.faults else str(turn.end_event)


def test_the_undamaged_process_runs():
    assert attempt(everything())


@pytest.mark.parametrize("seed", range(6))
def test_random_bytes_in_a_diagram_do_no_harm(seed):
    random, whole = Random(seed), everything()
    for _ in range(30):
        data = bytearray(whole)
        for _ in range(random.randint(1, 5)):
            data[random.randrange(len(data))] = random.randrange(256)
        attempt(bytes(data))


@pytest.mark.parametrize("seed", range(10))
def test_elements_moved_doubled_removed_and_changed_do_no_harm(seed):
    random, whole = Random(seed), etree.fromstring(everything())
    accepted = 0
    for _ in range(30):
        root = copy.deepcopy(whole)
        for _ in range(random.randint(1, 3)):
            _damage(root, random)
        accepted += attempt(etree.tostring(root))
    assert 0 < accepted < 30


def _damage(root: etree._Element, random: Random) -> None:
    elements = [element for element in root.iter() if element is not root]
    one, other = random.choice(elements), random.choice(elements)
    match random.randrange(6):
        case 0 if one.getparent() is not None:
            one.getparent().remove(one)
        case 1 if one not in other.iterancestors():
            one.append(copy.deepcopy(other))
        case 2 if one.attrib:
            del one.attrib[random.choice(list(one.attrib))]
        case 3 if one.attrib and other.attrib:
            one.set(random.choice(list(one.attrib)), random.choice(list(other.attrib.values())))
        case 4:
            one.tag = other.tag
        case _:
            one.text = other.text or "R3/PT0S"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-7", "nonsense", "cp1252", "utf-32"])
def test_declared_encodings_do_no_harm(encoding):
    data = f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + everything()
    attempt(data)


def test_names_that_python_or_the_library_could_take_for_more_are_only_names():
    names = ["__class__", "self", "workflow", "data_objects", "Start", "End", "Root", "typename", "len", "lambda", "None"]
    scripts = [script(f"s{index}", f'{{ "{name}": {index} }}') for index, name in enumerate(names)]
    chain = " > ".join(["start", *[f"s{index}" for index in range(len(names))], "end"])
    assert attempt(process(start(), *scripts, end(), go=chain))


@pytest.mark.parametrize(
    ("text", "as_script", "as_condition"),
    [
        ("__import__('os').system('id')", "expression-syntax", "expression-syntax"),
        ("().__class__", "expression-syntax", "expression-syntax"),
        ("open('/etc/passwd')", "expression-syntax", "expression-syntax"),
        ("9**9**9", "script-no-context", "b"),
        ("string(1..9) * 10**9", "expression-syntax", "expression-syntax"),
        ("for i in 1..10**9 return i", "expression-failed", "expression-failed"),
        ('eval("1")', "script-no-context", "b"),
    ],
)
def test_nothing_but_feel_is_ever_evaluated(text, as_script, as_condition):
    assert outcome(process(start(), script("s", text), end(), go="start > s > end")) == as_script
    assert outcome(process(start(), xor("x"), end("a"), end("b"), go=f"start > x > a [{text}]; x > b *")) == as_condition

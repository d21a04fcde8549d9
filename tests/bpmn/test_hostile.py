"""Damaged and malicious diagrams: refused, or run without harm; never an exception."""

from __future__ import annotations

import copy
import itertools
import time
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


ONE = process(start(), user("a"), end(), go="start > a > end")
CLOSING = b"</process></definitions>"


def inside_task(more: bytes) -> bytes:
    return ONE.replace(b'<userTask id="a">', b'<userTask id="a">' + more)


def with_attributes(count: int, name: str) -> bytes:
    written = " ".join(f'{name}{number}="urn:{number}"' for number in range(count)).encode()
    return ONE.replace(b'<userTask id="a"', b"<userTask " + written + b' id="a"')


def with_more(elements: list[str]) -> bytes:
    return ONE.replace(CLOSING, "".join(elements).encode() + CLOSING)


HARMFUL = {
    "a document type": (b'<!DOCTYPE x [<!ENTITY a "b">]>' + ONE, "doctype"),
    "a document type in UTF-16": (
        ('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + ONE.decode()).encode("utf-16"),
        "doctype",
    ),
    "elements in elements": (b"<a>" * 100_000 + b"</a>" * 100_000, "malformed-xml"),
    "elements in a description": (inside_task(b"<documentation>" + b"<b>" * 200 + b"</b>" * 200 + b"</documentation>"), "too-deep"),
    "forty thousand attributes": (with_attributes(40_000, "a"), "too-many-attributes"),
    "the same in UTF-16": (with_attributes(20_000, "a").decode().encode("utf-16"), "too-many-attributes"),
    "twenty thousand namespaces": (with_attributes(20_000, "xmlns:n"), "too-many-attributes"),
    "a very long id": (ONE.replace(b'"a"', b'"' + b"a" * 100_000 + b'"'), "invalid-id"),
    "an id that closes a quote": (ONE.replace(b'"a"', b'"a\'&quot; OR 1=1 --"'), "invalid-id"),
    "an id with a null": (ONE.replace(b'"a"', b'"a\0"'), "malformed-xml"),
    "an id with half a character": (ONE.replace(b'"a"', b'"&#xD800;"'), "malformed-xml"),
    "an id that turns the text around": (ONE.replace(b'"a"', '"a\u202e"'.encode()), "invalid-id"),
    "UTF-7": (b'<?xml version="1.0" encoding="utf-7"?>' + ONE.decode().encode("utf-7"), "malformed-xml"),
    "EBCDIC": (('<?xml version="1.0" encoding="cp037"?>' + ONE.decode()).encode("cp037"), "malformed-xml"),
    "twelve thousand flows to nowhere": (
        with_more([f'<sequenceFlow id="f{number}" sourceRef="q" targetRef="r"/>' for number in range(12_000)]),
        "dangling-reference",
    ),
}


@pytest.mark.parametrize("name", list(HARMFUL))
def test_what_could_harm_is_refused_at_once(name):
    data, code = HARMFUL[name]
    assert code in {problem.code for problem in read({"x.bpmn": data}).problems}


HARMLESS = {
    "processing instructions": b'<?xml-stylesheet href="http://localhost/"?><?php system("id"); ?>' + ONE,
    "an inclusion": inside_task(b'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'),
    "a very long description": inside_task(b"<documentation>" + b"x" * 900_000 + b"</documentation>"),
    "twelve thousand flows between two elements": with_more(
        [f'<sequenceFlow id="f{number}" sourceRef="a" targetRef="end"/>' for number in range(12_000)]
    ),
    "thirty thousand data objects": with_more([f'<dataObject id="d{number}"/>' for number in range(30_000)]),
}


@pytest.mark.parametrize("name", list(HARMLESS))
def test_what_is_only_unusual_runs(name):
    assert attempt(HARMLESS[name])


BOMBS = {
    "a power": "{ a: 10**1000000000 }",
    "a pattern that backtracks": f'{{ a: matches("{"a" * 30}!", "(a|aa)+$") }}',
    "loops in each other": "{ a: for a in 1..1000, b in 1..1000, c in 1..1000 return a }",
    "a text that grows": '{ a: string join(for a in 1..90000 return "xxxxxxxxxxxxxxxxxxxx") }',
    "minus signs": "{ a: " + "-" * 15_000 + "1 }",
    "a function that calls itself": "{ f: function(n) f(n), a: f(1) }",
    "a slow order": "{ a: count(sort(for a in 1..50000 return 0 - a, function(x, y) x < y)) }",
}


@pytest.mark.parametrize("name", list(BOMBS))
def test_an_expression_that_asks_for_too_much_stops_its_own_token(name):
    drawn = process(start(), both("s"), script("bad", BOMBS[name]), user("a"), end(), go="start > s > bad > end; s > a > end")
    compiled = compile(Closure("p", f"bomb {name}", {"p": read({"x.bpmn": drawn}).processes[0].normalised}))
    turn = begin(compiled, Env(START, {}, 300, 60), {}).turn()
    assert [task.element_id for task in turn.tasks] == ["a"]
    assert {fault.element_id for fault in turn.faults} <= {"bad"}


def test_dense_diagrams_are_judged_in_seconds():
    random, ring = Random(1), ["start > s"]
    made = [start(), end(), both("s"), both("j")]
    for number in range(150):
        made += [some(f"a{number}"), user(f"u{number}"), some(f"b{number}")]
        ring += [f"s > a{number}", f"a{number} > u{number} [true]", f"u{number} > b{number}", f"b{number} > j"]
        ring.append(f"a{number} > b{random.randrange(150)} [true]")
    before = time.monotonic()
    assert attempt(process(*made, go="; ".join([*dict.fromkeys(ring), "j > end"])))
    assert time.monotonic() - before < 60

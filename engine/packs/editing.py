"""Changing pack.toml as a text: every comment, the order and the layout of what is not changed stay as they are.

All functions take the text and give the new text; they are pure, and the only door to tomlkit. A path is the keys from
the top to what is meant, a number for the place in a list: `("settings", "answerDue", "default")`,
`("deadline_rules", 0)`. Whether the result makes sense as a pack is `packs.read`'s to say, so that a draft can be kept.
"""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import tomlkit
from tomlkit import exceptions
from tomlkit.items import AoT, Array, InlineTable, Table

from engine.language import noted, say
from engine.model.errors import BadRequest, NotFound
from engine.model.packs import ValueType
from engine.packs import blocks
from engine.packs.shape import PACK
from engine.remembering import by_content
from engine.schemas import Fault, faults, sentence

#: what stands in a pack: texts, numbers, true and false, and lists and tables of them
Plain: TypeAlias = "str | int | float | bool | Sequence[Plain] | Mapping[str, Plain]"
Path: TypeAlias = tuple[str | int, ...]
_Doc: TypeAlias = Any  # tomlkit's items are told apart when they are used

#: a line of a list that is longer is broken, in characters
_WIDTH = 120
#: tables whose entries stand on one line each
_IN_LINE = frozenset({"settings", "variables", "notices"})
_LAID_OUT = noted("This pack.toml is laid out in a way that pages cannot change; change it as a text.")


class Unreadable(BadRequest):
    """This pack.toml is not well-formed, so that it cannot be changed by pages; correct it as a text first."""

    code = "pack-unreadable"


def plain(text: str) -> dict[str, Any]:
    """What a pack.toml holds. Raises Unreadable."""
    return copy.deepcopy(_plain("", text.encode("utf-8", "surrogatepass")))


@by_content(8)
def _plain(_file: str, toml: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(toml.decode("utf-8", "surrogatepass"))
    except (tomllib.TOMLDecodeError, RecursionError) as wrong:
        raise Unreadable(say("pack.toml is not well-formed TOML: {wrong}. Correct it as a text first.", wrong=wrong)) from wrong


def require_shape(raw: Mapping[str, Any]) -> None:
    """Raises Unreadable where a value is of another kind than the one that belongs there; pages can mend all else."""
    odd = next((fault for fault in faults(PACK, raw) if _is_misshapen(fault)), None)
    if odd is not None:
        where, what = ".".join(str(part) for part in odd.path), sentence(odd)
        raise Unreadable(
            say(
                "Pages cannot change this pack: {where}: {what} Take a sound pack.toml in, or put back what was there.",
                where=where,
                what=what,
            )
        )


def _is_misshapen(fault: Fault) -> bool:
    return fault.keyword == "type" or (fault.keyword in ("enum", "const") and isinstance(fault.value, (list, dict)))


def at(text: str, path: Path) -> Any:
    """What stands at a path; None when nothing does."""
    return _found(plain(text), path)


def put(text: str, path: Path, value: Plain) -> str:
    """Let a value stand at a path. A table that is there gets exactly these entries; what is equal is not touched.

    Raises Unreadable where the file is laid out so that it would say something else then.
    """

    def change(doc: _Doc) -> None:
        _set(_parent(doc, path), path[-1], value, in_line=path[0] in _IN_LINE)

    after = _changed(text, change)
    if at(after, path) != _bare(value):
        raise Unreadable(say(_LAID_OUT))
    return after


def append(text: str, table: str | Path, entry: Mapping[str, Plain]) -> str:
    """One more `[[table]]` after the last one; of a table in another by its path."""
    path = (table,) if isinstance(table, str) else table
    name = path[-1]

    def change(doc: _Doc) -> None:
        holder, fresh = _parent(doc, path), _block(entry)
        if name not in holder:
            holder.append(name, tomlkit.aot())
            holder[name].append(fresh)
        elif isinstance(holder[name], AoT):
            _one_more(holder[name], fresh)
        else:
            holder[name] = _item([*holder[name].unwrap(), entry])

    return _changed(text, change)


def remove(text: str, path: Path) -> str:
    """Take away what stands at a path. Raises NotFound when nothing does."""
    expected = plain(text)
    holder = _found(expected, path[:-1])
    if _found(holder, path[-1:]) is None:
        raise NotFound(say("The pack does not have this any more."))
    del holder[path[-1]]
    without = blocks.without(text, path)
    if without is not None and _holds(without, expected):
        return without

    def change(doc: _Doc) -> None:
        del _parent(doc, path)[path[-1]]

    return _changed(text, change)


def move(text: str, table: str, index: int, to: int) -> str:
    """Let the `[[table]]` at a place stand at another, with its comment; of deadline rules the first that matches counts."""
    expected = plain(text)
    entries = expected.get(table, [])
    if not (0 <= index < len(entries) and 0 <= to < len(entries)):
        raise NotFound(say("The pack does not have this any more."))
    entries.insert(to, entries.pop(index))
    moved = blocks.moved(text, table, index, to)
    if moved is not None and _holds(moved, expected):
        return moved
    for number, entry in enumerate(entries):
        text = put(text, (table, number), entry)
    return text


def set_setting(text: str, key: str, value: str | int | float | bool) -> str:
    """Give a setting another value; type and bounds are `packs.read`'s to check. Raises NotFound for an unknown one."""
    if at(text, ("settings", key)) is None:
        raise NotFound(say("The pack has no setting “{key}”; add it in the pack room.", key=key))
    return put(text, ("settings", key, "default"), value)


def declare_variable(
    text: str,
    key: str,
    type: ValueType | str,
    *,
    label: str = "",
    fact: bool = False,
    staff: bool = False,
    values: Mapping[str, str] | None = None,
) -> str:
    """Let a variable exist; one that is declared already gets this type, label and codes, and keeps what else it says."""
    entry = dict(at(text, ("variables", key)) or {})
    given: dict[str, Plain] = {"type": str(type)}
    given |= {name: value for name, value in (("label", label), ("fact", fact), ("staff", staff), ("values", values)) if value}
    return put(text, ("variables", key), {**entry, **given})


# ------------------------------------------------------------------------------------------------- how it is done
def _changed(text: str, change: Callable[[_Doc], None]) -> str:
    plain(text)
    try:
        doc = tomlkit.parse(text)
        change(doc)
        after = tomlkit.dumps(doc)
        tomllib.loads(after)
    except (exceptions.TOMLKitError, tomllib.TOMLDecodeError, RecursionError) as wrong:
        raise Unreadable(say(_LAID_OUT)) from wrong
    return after


def _found(holder: Any, path: Path) -> Any:
    for part in path:
        try:
            holder = holder[part]
        except (KeyError, IndexError, TypeError):
            return None
    return holder


def _parent(doc: _Doc, path: Path) -> _Doc:
    holder = doc
    for part in path[:-1]:
        inner = _found(holder, (part,))
        if inner is None:
            _set(holder, part, {}, in_line=False)
            inner = holder[part]
        holder = inner
    return holder


def _set(holder: _Doc, key: str | int, value: Plain, *, in_line: bool) -> None:
    known = _found(holder, (key,))
    if known is not None and _same(known, value):
        return
    if isinstance(known, Table | InlineTable) and isinstance(value, Mapping):
        if isinstance(known, InlineTable) and known.keys() != value.keys():
            holder[key] = _item({name: value[name] for name in known if name in value} | dict(value))
            return
        for name in [name for name in known if name not in value]:
            del known[name]
        for name, inner in value.items():
            _set(known, name, inner, in_line=in_line or isinstance(known, InlineTable))
    elif isinstance(known, AoT) and (blocks := _tables(value)):
        for number, one in enumerate(blocks[: len(known)]):
            _set(known, number, one, in_line=False)
        for _ in range(len(known) - len(blocks)):
            del known[-1]
        for one in blocks[len(known) :]:
            _one_more(known, _block(one))
    elif isinstance(known, Array) and (rows := _one_by_one(known, value)):
        for number, one in enumerate(rows):
            _set(known, number, one, in_line=True)
    elif known is not None:
        holder[key] = _item(value)
    elif isinstance(value, Mapping) and not in_line and not isinstance(holder, InlineTable):
        _add(holder, str(key), _block(value))
    else:
        _add(holder, str(key), _item(value))


def _bare(value: Plain) -> Any:
    """A value as it is read again: lists where there were tuples."""
    if isinstance(value, Mapping):
        return {name: _bare(one) for name, one in value.items()}
    return [_bare(one) for one in value] if isinstance(value, list | tuple) else value


def _same(known: Any, value: Plain) -> bool:
    bare = known.unwrap() if hasattr(known, "unwrap") else known
    return isinstance(bare, bool) == isinstance(value, bool) and bool(bare == value)


def _tables(value: Plain) -> list[Mapping[str, Plain]]:
    """The tables of a list of nothing else; none for anything else."""
    rows = [one for one in value if isinstance(one, Mapping)] if isinstance(value, list | tuple) else []
    return rows if isinstance(value, list | tuple) and len(rows) == len(value) else []


def _one_more(listed: AoT, fresh: Table) -> None:
    if len(listed):
        _take_tail(listed[-1], fresh)
    listed.append(fresh)


def _one_by_one(known: Array, value: Plain) -> list[Mapping[str, Plain]]:
    """The new tables of a list that only changes inside its tables, so that its layout can stay; else none."""
    rows = _tables(value)
    return rows if len(known) == len(rows) and all(isinstance(one, Mapping) for one in known) else []


def _add(holder: _Doc, key: str, item: Any) -> None:
    """Add an entry before the blank lines and comments at the end of a table: they introduce what follows it."""
    if isinstance(item, Table) and isinstance(holder, Table):
        blocks = [inner for inner in holder.values() if isinstance(inner, Table)]
        if blocks:
            _take_tail(blocks[-1], item)
        holder.append(key, item)
    elif isinstance(holder, Table):
        tail = _cut_tail(holder)
        holder.append(key, item)
        holder.value.body.extend(tail)
    elif isinstance(holder, InlineTable):
        holder.append(key, item)
    else:
        holder[key] = item


def _cut_tail(table: Table) -> list[Any]:
    """The blank lines and comments after the last entry of a table, taken out of it."""
    body, tail = table.value.body, []
    while body and body[-1][0] is None:
        tail.append(body.pop())
    return tail[::-1]


def _take_tail(last: Table, fresh: Table) -> None:
    """What stood between the last table and the next section stands after the new one."""
    tail = _cut_tail(last)
    last.add(tomlkit.nl())
    fresh.value.body.extend(tail)


def _holds(text: str, expected: Mapping[str, Any]) -> bool:
    try:
        return tomllib.loads(text) == expected
    except tomllib.TOMLDecodeError:
        return False


def _block(entry: Mapping[str, Plain]) -> Table:
    table = tomlkit.table()
    for name, value in entry.items():
        table.append(name, _item(value))
    return table


def _item(value: Plain) -> Any:
    """A value as it is written by hand: `{ a = "b" }`, lists on one line as long as they are short."""
    return tomlkit.parse(f"x = {_written(value)}\n")["x"]


def _written(value: Plain) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{tomlkit.key(name).as_string()} = {_written(one)}" for name, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        parts = [_written(one) for one in value]
        line = f"[{', '.join(parts)}]"
        broken = len(line) > _WIDTH or sum(isinstance(one, Mapping) for one in value) > 1
        return "[\n" + "".join(f"  {part},\n" for part in parts) + "]" if broken else line
    return str(tomlkit.item(value).as_string())

"""Functions on contexts (DMN 1.5, table 79)."""

from __future__ import annotations

from engine.feel.calling import builtin
from engine.feel.limits import Run
from engine.feel.values import Value
from engine.language import kept


@builtin("get value", "m: context", "key: string")
def get_value(run: Run, context: dict[str, Value], key: str) -> Value:
    """The entry with this key."""
    return context[key] if key in context else run.null(kept("The context has no entry with this key."))


@builtin("get value", "m: context", "keys: list")
def get_value_by_path(run: Run, context: dict[str, Value], keys: list[Value]) -> Value:
    """The entry reached by one key after the other."""
    found: Value = context if keys else run.null(kept("get value() takes at least one key."))
    for key in keys:
        if not isinstance(found, dict) or not isinstance(key, str) or key not in found:
            return run.null(kept("The context has no entry with these keys."))
        found = found[key]
    return found


@builtin("get entries", "m: context")
def get_entries(run: Run, context: dict[str, Value]) -> Value:
    """The entries as a list of contexts with key and value."""
    run.room(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context put", "context: context", "key: string", "value: any")
def context_put(_run: Run, context: dict[str, Value], key: str, value: Value) -> Value:
    """A context with one more or one changed entry."""
    return {**context, key: value}


@builtin("context put", "context: context", "keys: list", "value: any")
def context_put_by_path(run: Run, context: dict[str, Value], keys: list[Value], value: Value) -> Value:
    """A context with one entry, reached by one key after the other, added or changed."""
    if not keys or not isinstance(keys[0], str):
        return run.null(kept("context put() takes at least one key, and keys are texts."))
    key = keys[0]
    if len(keys) == 1:
        return {**context, key: value}
    inner = context.get(key, {})
    if not isinstance(inner, dict):
        return run.null(kept("An entry on the way is not a context."))
    changed = context_put_by_path(run, inner, keys[1:], value)
    return None if changed is None else {**context, key: changed}


@builtin("context merge", "contexts: list")
def context_merge(run: Run, contexts: list[Value]) -> Value:
    """One context of the entries of several; the last of those with one key wins."""
    merged: dict[str, Value] = {}
    for context in contexts:
        if not isinstance(context, dict):
            return run.null(kept("context merge() takes a list of contexts."))
        merged.update(context)
        run.spend(len(context))
    return merged


@builtin("context", "entries: list")
def context(run: Run, entries: list[Value]) -> Value:
    """A context of a list of contexts with key and value."""
    made: dict[str, Value] = {}
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("key"), str) or "value" not in entry:
            return run.null(kept("context() takes contexts with a text as key, and a value."))
        key = str(entry["key"])
        if key in made:
            return run.null(kept("context() was given a key twice."))
        made[key] = entry["value"]
    return made

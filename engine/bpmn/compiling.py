"""What an instance is pinned to, made runnable once and kept: specs never change while they run."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from engine import dmn
from engine.bpmn import building, parsing, xml
from engine.bpmn.specs import ScopeSpec
from engine.model.execution import Closure

#: How many closures are kept ready.
CACHE_SIZE = 256

# The library logs task data at these loggers' low levels.
for _name in ("spiff", "spiff.task", "spiff.workflow", "spiff.engine"):
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A closure ready to run. Shared by all its instances and by threads; nothing in it changes."""

    key: str
    hash: str
    scopes: Mapping[str, ScopeSpec]


_cache: OrderedDict[str, Compiled] = OrderedDict()
_lock = Lock()


def compile(closure: Closure) -> Compiled:
    """Make a closure runnable; one already made under the same hash is given again."""
    with _lock:
        found = _cache.get(closure.hash)
        if found is not None:
            _cache.move_to_end(closure.hash)
            return found
    made = _compile(closure)
    with _lock:
        _cache[closure.hash] = made
        while len(_cache) > CACHE_SIZE:
            _cache.popitem(last=False)
    return made


def _compile(closure: Closure) -> Compiled:
    graphs = {}
    for key, source in closure.processes.items():
        root = xml.parse(source, xml.MAX_CANONICAL)
        process = next(p for p in xml.children(root, "process") if p.get("id") == key)
        graphs[key] = parsing.read(process, parsing.definitions(root))
    models: dict[bytes, dmn.DecisionModel] = {}
    decisions = {}
    for decision, source in closure.decisions.items():
        if source not in models:
            models[source] = dmn.load(source)
        decisions[decision] = models[source]
    return Compiled(closure.key, closure.hash, building.build(graphs, decisions))

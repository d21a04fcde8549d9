"""Running BPMN 2.0: the only door to SpiffWorkflow.

At deploy: `read` files into models or problems, `check_closure` between them. At run time: `compile` what an instance
is pinned to, `begin` or `restore` it, let something happen, take a `turn`, keep its bytes. `waits` says what it waits for.
"""

from engine.bpmn.closure import check_closure, closure_keys
from engine.bpmn.codec import StateUnreadable
from engine.bpmn.compiling import Compiled, compile  # as re.compile
from engine.bpmn.execution import Execution, NoSuchStart, begin, restore
from engine.bpmn.explain import places_of, waits
from engine.bpmn.going_back import returns
from engine.bpmn.migrating import migrate, waiting
from engine.bpmn.nesting import Nesting, nesting
from engine.bpmn.putting_back import moved
from engine.bpmn.reading import read, unreadable
from engine.bpmn.starting import starts

__all__ = [
    "Compiled",
    "Execution",
    "Nesting",
    "NoSuchStart",
    "StateUnreadable",
    "begin",
    "check_closure",
    "closure_keys",
    "compile",
    "migrate",
    "moved",
    "nesting",
    "places_of",
    "read",
    "restore",
    "returns",
    "starts",
    "unreadable",
    "waiting",
    "waits",
]

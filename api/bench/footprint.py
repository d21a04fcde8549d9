"""What the server takes before it does anything, and after it has run a thousand instances: measured in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from importlib import import_module, util
from time import process_time

from api.bench import models
from api.places import ROOT


@dataclass(frozen=True, slots=True)
class Footprint:
    """`start`: processor seconds until everything that serving needs is imported; `memory`: bytes, the most so far."""

    start: float
    memory: int


def footprint(instances: int) -> Footprint | None:
    """Of this version on this machine; None where the system does not count memory."""
    if util.find_spec("resource") is None:
        return None
    command = [sys.executable, "-m", __name__, str(instances)]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)  # noqa: S603  # ourselves
    return Footprint(**json.loads(found.stdout))


def _main(instances: int) -> None:
    import_module("api.cli")
    start = process_time()
    side = models.Own(models.CASE.read(plain=False), models.CASE.key)
    for _ in range(instances):
        side.begin(models.case_variables())
        for element, data in models.CASE_STEPS[:4]:
            side.step(next(handle for name, handle in side.open() if name == element), data)
    resource = import_module("resource")
    unit = 1 if sys.platform == "darwin" else 1024
    print(json.dumps(asdict(Footprint(start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit))))


if __name__ == "__main__":
    _main(int(sys.argv[1]))

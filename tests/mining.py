"""Whether pm4py reads a log back to the same traces: python3 -m tests.mining

pm4py gets a folder of its own, because it brings a hundred packages' worth of science along and takes most of a minute to
install; so the suite reads logs by the standard's rules instead (tests/operations/test_event_log.py).
Last measured 2026-11-22 on a busy machine: 30 traces with 3,545 events are the same; pm4py took 22 s to start and read them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import venv
from datetime import datetime
from pathlib import Path

from tests.operations import test_event_log as logs
from tests.synthetic import cases_played

_PM4PY = "pm4py==2.7.23.11"
#: run by the Python that has pm4py
_READER = """
import json, sys, pm4py
log = pm4py.read_xes(sys.argv[1], return_legacy_log_object=True)
keys = ("concept:name", "concept:instance", "lifecycle:transition", "org:resource", "org:role", "process", "element", "type")
def event(e):
    return {**{k: e[k] for k in keys if k in e}, "time:timestamp": e["time:timestamp"].timestamp()}
read = {t.attributes["concept:name"]: [event(e) for e in t] for t in log}
print(json.dumps(read))
"""


def main() -> int:
    """Say whether it does; 1 when it does not."""
    with cases_played() as played:
        content = logs.taken(played)
    with tempfile.TemporaryDirectory(prefix="parley-mining-") as folder:
        file = Path(folder) / "log.xes"
        file.write_bytes(content)
        python = _with_pm4py(Path(folder) / "venv")
        began = time.monotonic()
        done = subprocess.run([python, "-c", _READER, file], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    ours = logs.read(content)
    same = {name: [_comparable(event) for event in trace] for name, trace in ours.items()} == found
    events = sum(map(len, ours.values()))
    took = time.monotonic() - began
    print(f"{len(ours)} traces, {events:,} events, read by {_PM4PY} in {took:.1f} s: {'the same' if same else 'not the same'}")
    return 0 if same else 1


def _comparable(event: logs.Event) -> dict[str, object]:
    return {**event, "time:timestamp": datetime.fromisoformat(event["time:timestamp"]).timestamp()}


def _with_pm4py(folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", _PM4PY], check=True)
    return python


if __name__ == "__main__":
    sys.exit(main())

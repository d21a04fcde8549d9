"""The stories of the demo (domain 7.4), each told once and walked twice: without script in the suite, in a browser on demand."""

from __future__ import annotations

from collections.abc import Callable

from tests.stories import d1, d3, d4, d6, d7
from tests.stories.stage import Stage

TOLD: dict[str, Callable[[Stage], None]] = {"D1": d1.tell, "D3": d3.tell, "D4": d4.tell, "D6": d6.tell, "D7": d7.tell}

"""Remembering what files were read as, by their content: pages ask for the same files again and again.

Only for pure functions whose results nobody changes. Digests are kept instead of the contents, and files that are large are
read each time, so that what is remembered stays small.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Generic, TypeVar

T = TypeVar("T")
#: files above this many bytes are not remembered
LARGEST = 512 * 1024


def by_content(most: int) -> Callable[[Callable[[str, bytes], T]], Callable[[str, bytes], T]]:
    """Remember the last `most` results of a function of a file's name and content."""

    def decorate(work: Callable[[str, bytes], T]) -> Callable[[str, bytes], T]:
        known = _Known[T](most)

        @wraps(work)
        def remembered(file: str, data: bytes) -> T:
            if len(data) > LARGEST:
                return work(file, data)
            return known.get((file, _digest(data)), lambda: work(file, data))

        return remembered

    return decorate


def by_contents(most: int) -> Callable[[Callable[[Mapping[str, bytes]], T]], Callable[[Mapping[str, bytes]], T]]:
    """Remember the last `most` results of a function of several files, told by name in their order."""

    def decorate(work: Callable[[Mapping[str, bytes]], T]) -> Callable[[Mapping[str, bytes]], T]:
        known = _Known[T](most)

        @wraps(work)
        def remembered(files: Mapping[str, bytes]) -> T:
            return known.get(tuple((file, _digest(data)) for file, data in files.items()), lambda: work(files))

        return remembered

    return decorate


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


class _Known(Generic[T]):
    """The results used last, by key."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._results: OrderedDict[object, T] = OrderedDict()

    def get(self, key: object, work: Callable[[], T]) -> T:
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                return self._results[key]
        result = work()
        with self._lock:
            self._results[key] = result
            while len(self._results) > self._most:
                self._results.popitem(last=False)
        return result

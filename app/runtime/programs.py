"""The compiled programs that are alive: bounded in number, each compiled once while it lives."""

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import jax
from cachetools import LRUCache

# Some 5,400 live programs exhaust the kernel's memory maps and crash the process; each holds 1-3 MB.
MOST_PROGRAMS = 256
MOST_FACTS = 1024  # small results that many requests need again, such as a surface's lowest point

T = TypeVar("T")


class Programs:
    """A bounded set of jitted functions, least recently used out first; pinned ones stay.

    A program's key is made of registry entries and a length bucket, never of a number from a visitor. `traces`
    counts how often JAX traced a function of ours: it grows only when something new is compiled.
    """

    def __init__(self, most: int = MOST_PROGRAMS) -> None:
        self.traces = 0
        self._lock = threading.Lock()
        self._live: LRUCache[Hashable, Callable] = LRUCache(most)
        self._pinned: dict[Hashable, Callable] = {}
        self._facts: LRUCache[Hashable, Any] = LRUCache(MOST_FACTS)

    def get(self, function: Callable, *static: Hashable) -> Callable[..., Any]:
        """Return `function` jitted with its first arguments fixed to `static`; the rest are traced."""
        key = (function, *static)
        with self._lock:
            program = self._pinned.get(key) or self._live.get(key)
            if program is None:
                program = self._live[key] = jax.jit(self._counted(function, static))
            return program

    def pin(self) -> None:
        """Keep every program that is alive now for good; for the finite set that the presets use."""
        with self._lock:
            self._pinned.update(self._live)
            self._live.clear()

    def remember(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Return the fact that is kept under `key`, computed once while it is kept."""
        with self._lock:
            if key in self._facts:
                return self._facts[key]
        fact = compute()
        with self._lock:
            self._facts[key] = fact
        return fact

    def __len__(self) -> int:
        return len(self._live) + len(self._pinned)

    def _counted(self, function: Callable, static: tuple[Hashable, ...]) -> Callable:
        def traced(*arguments: Any) -> Any:
            self.traces += 1
            return function(*static, *arguments)

        traced.__name__ = function.__name__
        return traced

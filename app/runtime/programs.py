"""The compiled programs that are alive: bounded in number, each compiled once while it lives."""

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import jax
from cachetools import LRUCache, cached

from app.runtime.cache import Facts
from app.runtime.memory import trim_heap
from app.runtime.store import Store

# Each executable holds 1-2 MB and about 20 memory maps, of which the kernel grants a process 65,530. One that was
# dropped takes some 10 ms to load from a store, and 200 ms to compile where there is none.
MOST_PROGRAMS = 256
MOST_STORED_PROGRAMS = 64
TRIM_EVERY = 8  # compilations, after which the heap gives back what they have freed

T = TypeVar("T")


class Programs:
    """A bounded set of executables, least recently used out first; pinned ones stay.

    An executable belongs to a function, its static arguments and the shapes of all others: so a new shape counts as a
    new program. With a `store`, what was compiled once is loaded from there. `traces` counts how often JAX traced a
    function of ours: it grows only when something new is compiled.
    """

    def __init__(self, most: int | None = None, *, store: Store | None = None) -> None:
        self.traces = 0
        self._compiled = 0
        self.store = store
        self._facts = Facts()
        self._pinned: dict[Hashable, Callable] = {}
        self._live: LRUCache[Hashable, Callable] = LRUCache(most or (MOST_STORED_PROGRAMS if store else MOST_PROGRAMS))
        # Threads that want the same program wait for one compilation; other programs are compiled meanwhile.
        condition = threading.Condition()
        self._condition = condition
        self._executable = cached(self._live, key=lambda key, *_: key, condition=condition)(self._make)

    def get(self, function: Callable, *static: Hashable) -> Callable[..., Any]:
        """Return `function` compiled with its first arguments fixed to `static`; the rest are traced.

        `static` is made of registry entries, never of a number from a visitor.
        """

        def program(*arguments: Any) -> Any:
            leaves, tree = jax.tree.flatten(arguments)
            key = (function, static, tree, *map(_form, leaves))
            executable = self._pinned.get(key)
            if executable is None:
                executable = self._executable(key, function, static, arguments)
            return executable(*arguments)

        return program

    def pin(self) -> None:
        """Keep every program that is alive now for good; for the finite set that the presets use."""
        with self._condition:
            self._pinned = {**self._pinned, **self._live}
            self._live.clear()

    def remember(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Return the fact that is kept under `key`, computed once while it is kept."""
        return self._facts.remember(key, compute)

    def __len__(self) -> int:
        """Return the number of executables."""
        return len(self._live) + len(self._pinned)

    def _make(self, key: Any, function: Callable, static: tuple[Hashable, ...], arguments: Any) -> Callable:
        name = self.store and self.store.name(function, static, key[2:])
        if self.store and name and (found := self.store.load(name)):
            return found

        def traced(*arguments: Any) -> Any:
            self.traces += 1
            return function(*static, *arguments)

        traced.__name__ = function.__name__
        # Compiled ahead, and not at the first call of a jitted function: such a function keeps what it was traced to,
        # which is twice the memory, and all the executables of its shapes, which nobody counts.
        executable = jax.jit(traced).lower(*arguments).compile()
        self._compiled += 1
        if self._compiled % TRIM_EVERY == 0:
            trim_heap()
        if self.store and name:
            self.store.save(name, executable)
            # The loaded one is smaller: it does not hold what it was compiled from.
            return self.store.load(name) or executable
        return executable


def _form(leaf: Any) -> Hashable:
    """Return what a program is compiled for: shape, type, and on which devices an array lies if on several."""
    if not hasattr(leaf, "shape"):
        return type(leaf)
    sharding = getattr(leaf, "sharding", None)
    is_shared = sharding is not None and sharding.num_devices > 1
    return leaf.shape, leaf.dtype, getattr(leaf, "weak_type", False), sharding if is_shared else None

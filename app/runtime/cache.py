"""Facts that many requests need again, such as a surface's lowest point: bounded in bytes, each computed once."""

import dataclasses
import sys
import threading
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

import jax
import numpy as np
from cachetools import LRUCache, cached

MOST_BYTES = 16 * 2**20  # 1.3 times as much of the system: a survey of 300 points is 0.2 MB
OVERHEAD = 512  # bytes that an entry takes beside its key and its value

T = TypeVar("T")


class Entry(NamedTuple):
    """A fact, and the key under which it is kept: a key may hold a problem, and so its rows."""

    key: Hashable
    fact: Any


class Facts:
    """Least recently used out first. Threads that want the same fact at the same time wait for one computation."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._kept: LRUCache[Hashable, Entry] = LRUCache(most_bytes, getsizeof=size_of)
        decorate = cached(self._kept, key=lambda key, _compute: key, condition=threading.Condition())
        self._entry: Callable[[Hashable, Callable[[], Any]], Entry] = decorate(_entry)

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        return int(self._kept.currsize)

    def remember(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Return the fact that is kept under `key`, computed if it is not; its arrays are read-only."""
        return self._entry(key, compute).fact


def _entry(key: Hashable, compute: Callable[[], Any]) -> Entry:
    fact = compute()
    for part in _parts(fact):
        if isinstance(part, np.ndarray):
            part.flags.writeable = False
    return Entry(key, fact)


def size_of(entry: Any) -> int:
    """Return the bytes of everything that an entry holds, shared parts once; text and functions are the registries'."""
    return OVERHEAD + sum(map(_own_size, _parts(entry)))


def _own_size(part: Any) -> int:
    if isinstance(part, np.ndarray):
        # A view keeps the whole array alive that it looks at.
        return max(part.nbytes, getattr(part.base, "nbytes", 0))
    return part.nbytes if isinstance(part, jax.Array) else sys.getsizeof(part)


def _parts(value: Any) -> Iterator[Any]:
    """Yield a value and everything inside it, each object once."""
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if id(part) in seen or part is None or isinstance(part, str | type) or callable(part):
            continue
        seen.add(id(part))
        yield part
        if isinstance(part, Mapping):
            waiting += [*part.keys(), *part.values()]
        elif isinstance(part, tuple | list | set | frozenset):
            waiting += part
        elif dataclasses.is_dataclass(part):
            waiting += [getattr(part, field.name) for field in dataclasses.fields(part)]

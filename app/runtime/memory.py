"""Memory that is free inside the process: few pools of it, given back to the system."""

import ctypes
import functools
import gc
import os
import sys
from collections.abc import Callable

M_ARENA_MAX = -8  # of glibc's malloc.h
MOST_ARENAS = 2


def share_arenas() -> None:
    """Let all threads allocate from two pools: glibc gives each its own, and 28 of them keep what one has freed.

    To be called before there are other threads; whoever starts the process may choose another number with
    MALLOC_ARENA_MAX.
    """
    if "MALLOC_ARENA_MAX" not in os.environ and (choose := _of_libc("mallopt")) is not None:
        choose(M_ARENA_MAX, MOST_ARENAS)


def give_back_memory() -> None:
    """Collect what Python holds in cycles, a third of a second, and trim the heap."""
    gc.collect()
    trim_heap()


def trim_heap() -> None:
    """Return to the system what compiling has used and freed: the allocator would keep some 80 MB of it."""
    if (trim := _of_libc("malloc_trim")) is not None:
        trim(0)


@functools.cache
def _of_libc(name: str) -> Callable[..., int] | None:
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None  # musl has neither

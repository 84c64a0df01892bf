"""Memory that is free inside the process, given back to the system."""

import ctypes
import functools
import gc
import sys
from collections.abc import Callable


def give_back_memory() -> None:
    """Collect what Python holds in cycles, a third of a second, and trim the heap."""
    gc.collect()
    trim_heap()


def trim_heap() -> None:
    """Return to the system what compiling has used and freed: the allocator would keep some 80 MB of it."""
    if (trim := _malloc_trim()) is not None:
        trim(0)


@functools.cache
def _malloc_trim() -> Callable[[int], int] | None:
    return getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None  # musl has none

"""What a stream computes: the plan of a long answer in blocks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, eq=False)
class Blocks:
    """A long answer in blocks: its first line, what each block covers, and how one is computed.

    `compute(block, checkpoint)` calls `checkpoint` often: it waits while quick requests wait, and raises to stop.
    """

    head: Any
    blocks: Sequence[Any]
    compute: Callable[[Any, Callable[[], None]], Any]
    size: int  # of all blocks together, in cells

"""The scales of sliders and maps: equal steps of a place look equal, whatever steps of the value they are.

static/js/scales.js says the same in JavaScript; tests/data/scales.json holds both to the same values.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import numpy as np

Scale = Literal["linear", "log", "one_minus_log"]


@dataclass(frozen=True, kw_only=True)
class Transform:
    """An increasing function from values to places, and its inverse, of numbers and arrays alike."""

    into: Callable[[Any], Any]
    out_of: Callable[[Any], Any]


SCALES: Mapping[str, Transform] = MappingProxyType(
    {
        "linear": Transform(into=lambda value: value, out_of=lambda place: place),
        "log": Transform(into=np.log, out_of=np.exp),
        # What matters of 0.9, 0.99, 0.999 is the distance to 1. So written, values near 0 keep their digits.
        "one_minus_log": Transform(into=lambda value: -np.log1p(-value), out_of=lambda place: -np.expm1(-place)),
    }
)


def fits(scale: str, low: float, high: float) -> bool:
    """Whether every value of a range has a finite place."""
    return {"log": low > 0, "one_minus_log": high < 1}.get(scale, True)


def values_at(scale: str, low: float, high: float, shares: Any) -> Any:
    """Return the values at shares of the way from `low` (0) to `high` (1)."""
    transform = SCALES[scale]
    first, last = transform.into(low), transform.into(high)
    return transform.out_of(first + (last - first) * shares)


def share_of(scale: str, low: float, high: float, value: float) -> float:
    """Return the share of the way from `low` to `high` at which a value lies."""
    into = SCALES[scale].into
    return float((into(value) - into(low)) / (into(high) - into(low)))

"""Answers as bytes: JSON in which arrays are Plotly's own base64 typed arrays."""

from collections.abc import Callable
from typing import Any

import numpy as np
import orjson
import pybase64

from app.schema.answers import fields_of

# orjson writes dataclasses by itself, but every field of them: ours may be absent.
OPTIONS = orjson.OPT_PASSTHROUGH_DATACLASS


def encode(answer: Any, dtype: str = "f4") -> bytes:
    """Return JSON of a dataclass or a mapping; every array becomes `{"dtype", "bdata", "shape"}`.

    Arrays are little-endian numbers of `dtype`; whole numbers of at most 32 bits keep the type that they have. Numbers
    outside arrays that are not finite become null. Fields that are ABSENT are left out.
    """
    # A diverged run may exceed what 32 bits hold: it becomes infinite there, as it soon would anyway.
    with np.errstate(over="ignore"):
        return orjson.dumps(answer, default=_encoder(dtype), option=OPTIONS)


def _is_small(dtype: np.dtype) -> bool:
    return dtype.kind in "iu" and dtype.itemsize <= 4


def _encoder(dtype: str) -> Callable[[Any], Any]:
    floats = np.dtype(f"<{dtype}")

    def default(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            little_endian = value.dtype.newbyteorder("<") if _is_small(value.dtype) else floats
            name = little_endian.str[1:].encode()
            packed = pybase64.b64encode(np.ascontiguousarray(value, dtype=little_endian).data)
            # plotly.js hides a trace, without a message, if the shape is a list.
            shape = ",".join(map(str, value.shape)).encode()
            # A fragment goes into the answer as it is, without the search for characters to escape.
            return orjson.Fragment(b'{"dtype":"%s","bdata":"%s","shape":"%s"}' % (name, packed, shape))
        if hasattr(value, "__dataclass_fields__"):
            return fields_of(value)
        if isinstance(value, np.generic):
            return value.item()
        if hasattr(value, "items"):
            return dict(value)
        raise TypeError(f"an answer holds a {type(value).__name__}, which has no form in JSON")

    return default

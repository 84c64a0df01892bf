"""Answers as bytes, read back by something that did not write them."""

import base64
import json
from dataclasses import dataclass

import numpy as np
import pytest

from app.runtime.encoding import encode
from app.schema.answers import ABSENT, Absent


def read(array):
    """Read an array as NumPy's documentation says, not as ours does."""
    shape = tuple(int(side) for side in array["shape"].split(","))
    return np.frombuffer(base64.b64decode(array["bdata"]), dtype="<" + array["dtype"]).reshape(shape)


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_arrays_read_back(dtype):
    array = np.arange(6.0).reshape(3, 2)[:, ::-1] / 7  # not contiguous
    found = json.loads(encode({"params": array}, dtype))["params"]
    assert found["shape"] == "3,2"
    np.testing.assert_array_equal(read(found), array.astype(dtype))


def test_what_is_not_finite_stays_inside_arrays():
    answer = json.loads(
        encode({"loss": np.array([np.inf, np.nan, 1e300]), "lowest": float("nan"), "at": np.float64(1)})
    )
    np.testing.assert_array_equal(read(answer["loss"]), [np.inf, np.nan, np.inf])
    assert answer["lowest"] is None
    assert answer["at"] == 1


@dataclass(frozen=True)
class Answer:
    name: str
    path: np.ndarray
    inner: "Answer | None" = None
    grads: np.ndarray | Absent = ABSENT


def test_a_record_is_written_field_by_field_and_what_is_absent_is_left_out():
    answer = Answer("outer", np.array([1.0, 2.0]), Answer("inner", np.array([3.0]), None, np.array([4.0])))
    found = json.loads(encode(answer))
    assert list(found) == ["name", "path", "inner"]
    assert list(found["inner"]) == ["name", "path", "inner", "grads"]
    assert found["inner"]["inner"] is None
    np.testing.assert_array_equal(read(found["inner"]["grads"]), [4.0])


def test_an_unknown_thing_is_our_bug():
    with pytest.raises(TypeError):
        encode({"thing": object()})


@pytest.mark.parametrize("dtype", ["u1", "i2", "u4"])
def test_small_whole_numbers_keep_their_type(dtype):
    found = json.loads(encode({"at": np.array([0, 1, 200], dtype)}))["at"]
    assert found["dtype"] == dtype
    np.testing.assert_array_equal(read(found), [0, 1, 200])


def test_whole_numbers_that_scripts_cannot_hold_become_floating_point():
    assert json.loads(encode({"sizes": np.array([1, 2])}))["sizes"]["dtype"] == "f4"

"""Single values as text."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.schema.kinds import Choice, Flag, Number
from app.schema.messages import Mistake
from app.schema.text import number_text

TABLE = json.loads((Path(__file__).parents[1] / "data/ecmascript_numbers.json").read_text())
BETA = Number(name="beta1", title="", default=0.9, low=0.0, high=0.999, slider=(0.0, 0.99))
STEPS = Number(name="steps", title="", default=200, low=1, high=2000, slider=(10, 2000), is_integer=True)
FORM = Choice(name="form", title="", options={"zero": "", "first": ""}, default="zero")
DEBIAS = Flag(name="debias", title="", default=True)


@pytest.mark.parametrize(("value", "text"), TABLE, ids=[text for _, text in TABLE])
def test_numbers_print_as_ecmascript_prints_them(value, text):
    assert number_text(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_printed_numbers_read_back_as_themselves(value):
    assert float(number_text(value)) == value


@pytest.mark.parametrize(
    ("parameter", "text", "value"),
    [
        (BETA, "0.9", 0.9),
        (BETA, "9e-1", 0.9),
        (BETA, ".5", 0.5),
        (BETA, "+0.5", 0.5),
        (STEPS, "37", 37),
        (STEPS, "2e3", 2000),
        (FORM, "first", "first"),
        (DEBIAS, "false", False),
    ],
)
def test_values_are_read(parameter, text, value):
    found = parameter.parse(parameter.name, text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("parameter", "text", "message"),
    [
        (BETA, "2", "beta1 must be between 0 and 0.999, got 2"),
        (BETA, "nan", "beta1 must be between 0 and 0.999, got 'nan'"),
        (BETA, "inf", "beta1 must be between 0 and 0.999, got 'inf'"),
        (BETA, "1e999", "beta1 must be between 0 and 0.999, got 1e999"),
        (BETA, "0x1", "beta1 must be between 0 and 0.999, got '0x1'"),
        # Python reads these as numbers; JavaScript does not, and a link must mean the same to both.
        (BETA, "0_0", "beta1 must be between 0 and 0.999, got '0_0'"),
        (BETA, "٠", "beta1 must be between 0 and 0.999, got '٠'"),
        (BETA, "", "beta1 must be between 0 and 0.999, got ''"),
        (STEPS, "1.5", "steps must be a whole number between 1 and 2000, got 1.5"),
        (STEPS, "2001", "steps must be a whole number between 1 and 2000, got 2001"),
        (FORM, "third", "unknown form 'third'; expected one of zero, first"),
        (DEBIAS, "yes", "debias must be true or false, got 'yes'"),
        (BETA, "9" * 50, f"beta1 must be between 0 and 0.999, got '{'9' * 40}…'"),
    ],
)
def test_bad_values_get_a_sentence(parameter, text, message):
    with pytest.raises(Mistake) as caught:
        parameter.parse(parameter.name, text)
    assert str(caught.value) == message

"""Single values as text: what a visitor may write, and how links print it (numbers as ECMAScript prints them)."""

import re
from collections.abc import Mapping
from decimal import Decimal

from app.schema.messages import Mistake
from app.schema.parameters import Choice, Flag, Fork, Moment, Number, Parameter

ECHO_LENGTH = 40
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)

Value = float | int | str | bool | Moment | None


def echo(text: str) -> str:
    """Quote what a visitor wrote, cut so that a message stays a sentence."""
    return repr(text if len(text) <= ECHO_LENGTH else text[:ECHO_LENGTH] + "…")


def number_text(value: float) -> str:
    """Print a finite number as ECMAScript's Number::toString does (ECMA-262, 6.1.6.1.20), so both languages agree."""
    if value == 0:
        return "0"  # also for -0
    text = repr(float(value))
    if "e" not in text:  # between 10⁻⁴ and 10¹⁶ both languages write the same shortest digits
        return text.removesuffix(".0")
    sign, digits, exponent = Decimal(text).normalize().as_tuple()
    text = "".join(map(str, digits))
    point = len(text) + int(exponent)  # the value is 0.text × 10^point
    if len(text) <= point <= 21:
        text += "0" * (point - len(text))
    elif 0 < point <= 21:
        text = f"{text[:point]}.{text[point:]}"
    elif -6 < point <= 0:
        text = "0." + "0" * -point + text
    else:
        mantissa = text[0] + ("." + text[1:] if len(text) > 1 else "")
        text = f"{mantissa}e{point - 1:+d}"
    return "-" * sign + text


def is_number(text: str) -> bool:
    """Whether this is a number as both languages write it: no `1_0`, no other digits than ASCII's, no `nan`."""
    return _NUMBER.fullmatch(text) is not None


def parse_float(name: str, text: str, *, low: float, high: float, is_integer: bool = False) -> float | int:
    """Read a number within [low, high].

    Raises:
        Mistake: names the number, the range and what was written.
    """
    value = float(text) if is_number(text) else None
    # 1e999 is a number to a parser and infinity to a computer: it fails the range like any other.
    if value is None or not low <= value <= high or (is_integer and value != int(value)):
        what = "{name} must be a whole number between {low} and {high}, got {value}"
        if not is_integer:
            what = "{name} must be between {low} and {high}, got {value}"
        raise Mistake(what, name=name, low=number_text(low), high=number_text(high), value=_plain(text, value))
    return int(value) if is_integer else value


def _plain(text: str, value: float | None) -> str:
    return echo(text) if value is None or len(text) > ECHO_LENGTH else text


def options_of(choice: Choice, values: Mapping[str, Value]) -> Mapping[str, str]:
    """Return the options that are open now: those of the value that the choice depends on, if it does."""
    return choice.options[str(values[choice.depends_on])] if choice.depends_on else choice.options  # type: ignore[return-value]


def default_of(parameter: Parameter, values: Mapping[str, Value]) -> Value:
    """Return the default, which may depend on a choice made earlier."""
    if isinstance(parameter.default, Mapping):
        return parameter.default[str(values[parameter.depends_on])]  # type: ignore[union-attr]
    return parameter.default


def parse_value(parameter: Parameter, text: str, values: Mapping[str, Value]) -> Value:
    """Read one value; `values` are those of the parameters before it."""
    match parameter:
        case Number(name=name, low=low, high=high, is_integer=is_integer):
            return parse_float(name, text, low=low, high=high, is_integer=is_integer)
        case Flag(name=name):
            if text not in ("true", "false"):
                raise Mistake("{name} must be true or false, got {value}", name=name, value=echo(text))
            return text == "true"
        case Choice(name=name):
            options = options_of(parameter, values)
            if text not in options:
                raise unknown(name, text, options)
            return text
        case Fork(name=name, most_runs=runs, most_steps=steps):
            run, at, step = text.partition("@")
            if not at:
                raise Mistake("{name} must be run@step, such as 2@37, got {value}", name=name, value=echo(text))
            return Moment(
                int(parse_float(f"{name} run", run, low=1, high=runs, is_integer=True)),
                int(parse_float(f"{name} step", step, low=0, high=steps, is_integer=True)),
            )


def value_text(value: Value) -> str:
    """Print one value as links do."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Moment):
        return f"{value.run}@{value.step}"
    return value if isinstance(value, str) else number_text(value or 0)


def unknown(what: str, text: str, expected: Mapping[str, object]) -> Mistake:
    """Return the mistake of a name that is not on the list."""
    template = "unknown {what} {value}; expected one of {expected}"
    return Mistake(template, what=what, value=echo(text), expected=", ".join(expected))

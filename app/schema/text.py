"""Single values as text: what a visitor may write, and how links print it (numbers as ECMAScript prints them)."""

import re
from collections.abc import Mapping
from decimal import Decimal

from app.schema.messages import N_, Mistake

ECHO_LENGTH = 40
NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"  # with ASCII digits: the one grammar of links and tables
_NUMBER = re.compile(NUMBER, re.ASCII)


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


def parse_number(name: str, text: str, *, low: float, high: float, is_integer: bool = False) -> float | int:
    """Read a number within [low, high].

    Raises:
        Mistake: names the number, the range and what was written.
    """
    value = float(text) if is_number(text) else None
    # 1e999 is a number to a parser and infinity to a computer: it fails the range like any other.
    if value is None or not low <= value <= high or (is_integer and value != int(value)):
        template = N_("{name} must be a whole number between {low} and {high}, got {value}")
        if not is_integer:
            template = N_("{name} must be between {low} and {high}, got {value}")
        raise Mistake(template, name=name, low=number_text(low), high=number_text(high), value=_plain(text, value))
    return int(value) if is_integer else value


def _plain(text: str, value: float | None) -> str:
    return echo(text) if value is None or len(text) > ECHO_LENGTH else text


def unknown(what: str, text: str, expected: Mapping[str, object]) -> Mistake:
    """Return the mistake of a name that is not on the list."""
    template = N_("unknown {what} {value}; expected one of {expected}")
    return Mistake(template, what=what, value=echo(text), expected=", ".join(expected))

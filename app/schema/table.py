"""A visitor's own rows, read from CSV."""

import csv
import functools
import hashlib
import io
import math
import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float

from app.schema.messages import N_, Mistake
from app.schema.text import echo, is_number, number_text

MOST_ROWS = 2000
MOST_BYTES = 256 * 1024
MOST_LINES = 2 * MOST_ROWS  # of the text, the empty ones among them: counted before anything is parsed
MOST_LINE = 1000  # characters
MOST_NAME = 30  # characters of a column's name
LARGEST = 1e9  # like coordinates: squares of it stay finite
SMALLEST = 1e-60  # in size, but 0: fourth powers of it are no zero
COLUMNS = 3  # two features and a target
DEFAULT_NAMES = ("x1", "x2", "y")
DELIMITERS = ",;\t"
_BREAK = re.compile(r"\r\n|\r|\n")  # what ends a line of CSV; Python's `splitlines` knows more


@dataclass(frozen=True)
class Table:
    """Two features and a target of some rows; `text` is what links write.

    The CSV is parsed when its names or rows are first asked for, which may raise a Mistake: links are read on the event
    loop, and tables where answers are computed. `facts` remembers what was computed from the rows for as long as the
    table lives, which is one request.
    """

    text: str
    digest: str = ""  # of the content: two browsers' sessions are not the same
    content: str = field(default="", compare=False, repr=False)  # CSV whose size has been checked
    facts: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_elsewhere(self) -> bool:
        """Whether the link only says that the browser has the rows."""
        return not self.digest

    @property
    def names(self) -> tuple[str, str, str]:
        """What the columns are called.

        Raises:
            Mistake: see `rows`.
        """
        return self._parsed[0]

    @property
    def rows(self) -> Float[np.ndarray, "rows 3"]:
        """The rows.

        Raises:
            Mistake: names the row, as an editor numbers lines, and the column that are wrong.
        """
        return self._parsed[1]

    @functools.cached_property
    def _parsed(self) -> tuple[tuple[str, str, str], Float[np.ndarray, "rows 3"]]:
        return _parsed(self.content)


def too_large() -> Mistake:
    """Return the mistake of a table that is refused before it is read."""
    template = N_("the table is larger than {most} KB; expected at most {rows} rows of three numbers")
    return Mistake(template, most=MOST_BYTES // 1024, rows=MOST_ROWS)


def read_table(content: bytes, text: str) -> Table:
    """Take CSV of two features and a target, with or without a line of names; its size is checked, not its cells.

    Raises:
        Mistake: it is no text, or too large.
    """
    if len(content) > MOST_BYTES:
        raise too_large()
    try:
        decoded = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Mistake(N_("the table is no text in UTF-8; expected CSV")) from error
    _check_size(decoded)
    return Table(text, hashlib.sha256(content).hexdigest(), decoded)


def _parsed(decoded: str) -> tuple[tuple[str, str, str], Float[np.ndarray, "rows 3"]]:
    lines = _lines(decoded)
    if not lines:
        raise Mistake(N_("the table is empty; expected rows of two features and a target"))
    names = DEFAULT_NAMES
    _, first = lines[0]
    if len(first) == COLUMNS and not any(is_number(cell) for cell in first):
        names = _names(first)
        lines = lines[1:]
    if not lines:
        raise Mistake(N_("the table has names and no rows; expected at least one row of three numbers"))
    if len(lines) > MOST_ROWS:
        raise Mistake(N_("the table has {count} rows; expected at most {most}"), count=len(lines), most=MOST_ROWS)
    return names, np.array([_row(number, cells, names) for number, cells in lines])


def _check_size(decoded: str) -> None:
    """Look at the raw text alone: a short link may unpack to a hundred thousand lines, or to one of that length."""
    count = max(decoded.count("\n"), decoded.count("\r"))
    if count > MOST_LINES:
        raise Mistake(N_("the table has {count} lines; expected at most {most}"), count=count, most=MOST_LINES)
    for number, line in enumerate(_BREAK.split(decoded), start=1):
        if len(line) > MOST_LINE:
            template = N_("row {row} of the table has {count} characters; expected at most {most}")
            raise Mistake(template, row=number, count=len(line), most=MOST_LINE)


def _lines(decoded: str) -> list[tuple[int, list[str]]]:
    first, *_ = _BREAK.split(decoded.lstrip(), maxsplit=1)
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        return [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as error:
        template = N_("row {row} of the table is no CSV ({reason}); expected two features and a target")
        raise Mistake(template, row=reader.line_num, reason=str(error)) from error


def _names(cells: list[str]) -> tuple[str, str, str]:
    x1, x2, y = (
        cell[:MOST_NAME] if cell.isprintable() and cell else default
        for cell, default in zip(cells, DEFAULT_NAMES, strict=True)
    )
    return x1, x2, y


def _row(number: int, cells: list[str], names: tuple[str, ...]) -> list[float]:
    if len(cells) != COLUMNS:
        template = N_("row {row} of the table has {count} columns; expected three: two features and a target")
        raise Mistake(template, row=number, count=len(cells))
    return [_cell(number, name, cell) for name, cell in zip(names, cells, strict=True)]


def _cell(number: int, name: str, cell: str) -> float:
    where = {"row": number, "column": echo(name)}
    if not cell:
        raise Mistake(N_("row {row}, column {column} of the table is empty; expected a number"), **where)
    if not is_number(cell):
        template = N_("row {row}, column {column} of the table is {value}; expected a number such as 3.5 or -1e3")
        raise Mistake(template, **where, value=echo(cell))
    value = float(cell)
    if not math.isfinite(value) or abs(value) > LARGEST:
        template = N_("row {row}, column {column} of the table is {value}; expected a number between ±{most}")
        raise Mistake(template, **where, value=echo(cell), most=f"{LARGEST:.0f}")
    if 0 < abs(value) < SMALLEST:
        template = N_("row {row}, column {column} of the table is {value}; expected 0 or at least {least} in size")
        raise Mistake(template, **where, value=echo(cell), least=number_text(SMALLEST))
    return value

"""What a section measured, as rows of one markdown table; and the machine, named by what matters."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path

import jax
import numpy as np


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table; `is_met` is None where no goal was set."""

    what: str
    value: str
    goal: str = ""
    is_met: bool | None = None


def row(what: str, value: float, text: str, *, most: float | None = None, least: float | None = None) -> Row:
    """Return a row whose `text` prints the value ("{:.2f} ms"), with a bound if there is one."""
    bound = most if least is None else least
    if bound is None:
        return Row(what=what, value=text.format(value))
    is_met = value <= bound if least is None else value >= bound
    sign = "≤" if least is None else "≥"
    return Row(what=what, value=text.format(value), goal=f"{sign} {text.format(bound)}", is_met=is_met)


def table(rows: list[Row]) -> str:
    """Return the markdown table."""
    marks = {True: "yes", False: "no", None: ""}
    lines = ["| measured | value | goal | met |", "| --- | ---: | ---: | --- |"]
    lines += [f"| {each.what} | {each.value} | {each.goal} | {marks[each.is_met]} |" for each in rows]
    return "\n".join(lines)


def machine() -> str:
    """Name cores, processor, Python and the libraries that compute."""
    return (
        f"{os.cpu_count()} cores, {_processor()}; {platform.system()}, Python {platform.python_version()}, "
        f"jax {jax.__version__}, NumPy {np.__version__}"
    )


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()

"""What a link's panels answer, in the words that claims are made of."""

import functools
from typing import Any

import numpy as np

from app.labs import LABS
from app.runtime.programs import Programs
from app.schema.page import read_page

PROGRAMS = Programs()
SLUGS = {lab.slug: lab for lab in LABS}


class View:
    """A record or a dictionary of an answer; `view.a.b` reads what is there, arrays as NumPy has them."""

    def __init__(self, content: Any) -> None:
        self._content = content

    def __getattr__(self, name: str) -> Any:
        content = self._content
        part = content[name] if isinstance(content, dict) else getattr(content, name)
        if isinstance(part, list | tuple) and part and not isinstance(part[0], int | float | str | list | tuple):
            return [View(each) for each in part]
        return View(part) if isinstance(part, dict) or hasattr(part, "__dataclass_fields__") else part

    # What runs are asked for.

    @property
    def ends_at(self) -> np.ndarray:
        """The last point of a run."""
        return np.asarray(self.params)[-1]

    @property
    def ends_above(self) -> float:
        """The gap at the end of a run."""
        return float(np.asarray(self.gap)[-1])

    @property
    def step_lengths(self) -> np.ndarray:
        """The lengths of a run's steps."""
        return np.linalg.norm(np.diff(np.asarray(self.params), axis=0), axis=1)

    def leaves_axis_at(self, distance: float = 0.1) -> int:
        """Return the first row whose y is farther from 0 than this."""
        return int(np.argmax(np.abs(np.asarray(self.params)[:, 1]) > distance))

    def sign_changes(self, coordinate: int, rows: int) -> int:
        """Return how often a coordinate changes its sign in the first rows."""
        return int(np.sum(np.diff(np.sign(np.asarray(self.params)[:rows, coordinate])) != 0))


@functools.cache
def panels(slug: str, query: str, computation: int = 0) -> list[View]:
    """Return the answers of a link's panels, from one of the lab's computations."""
    kind = SLUGS[slug].computations[computation]
    return [View(kind.compute(panel, PROGRAMS, str)) for panel in read_page(kind.query, query).panels]


def runs(slug: str, query: str) -> list[View]:
    """Return the runs of all panels of a link, one panel after the other."""
    return [run for panel in panels(slug, query) for run in panel.runs]

"""What a story is, and the views that several of them return to."""

from dataclasses import dataclass

WINE = "surface=regression"
BOWL = "surface=bowl,kappa:25"
SADDLE = "surface=saddle_walls"
ALMOST = "start=1.5,0.000001&learning_rate=0.05"  # a millionth beside the axis that leads into the saddle


@dataclass(frozen=True, kw_only=True)
class Step:
    """One view: the lab and the query that it opens, what it says, and what there is to observe."""

    lab: str
    query: str
    says: str
    observe: str


@dataclass(frozen=True, kw_only=True)
class Story:
    """A sequence of steps; `name` is how links write it.

    `place` orders the home page, lowest first; places are tens, so that a new story fits between two others.
    """

    name: str
    place: int
    title: str
    about: str
    steps: tuple[Step, ...]

"""A laboratory that `test_extending` adds: this file, a template and a script are all that it takes."""

import math
from dataclasses import dataclass

from app.labs.base import LANG, Computation, Lab, Picture, Preset, Translate
from app.runtime.programs import Programs
from app.schema.kinds import Number
from app.schema.messages import N_
from app.schema.query import LabQuery, key

RADIUS = Number(name="radius", title=N_("Radius"), symbol="r", default=1.0, low=0.0, high=100.0, slider=(0.0, 10.0))


class CirclesQuery(LabQuery):
    """Which circle."""

    radius: float = key(RADIUS, group="main")
    lang: str | None = key(LANG, default=None, role="page")


@dataclass(frozen=True, kw_only=True)
class CirclesAnswer:
    """What the page shows of a circle."""

    area: float
    """πr²."""


def compute(query: CirclesQuery, _programs: Programs, _translate: Translate) -> CirclesAnswer:
    """Return the area."""
    return CirclesAnswer(area=math.pi * query.radius**2)


CIRCLES = Lab(
    slug="circles",
    place=25,
    title=N_("Circles"),
    about=N_("The area of a circle."),
    computations=(
        Computation(
            name="circles",
            title="The area of a circle",
            about="`area` is πr².",
            query=CirclesQuery,
            compute=compute,
            answer=CirclesAnswer,
        ),
    ),
    presets=(Preset(name="two", title=N_("r = 2"), look_for=N_("Four times the area."), query="radius=2"),),
    picture=Picture(kind="points", query="radius=2"),
)

"""What Descent answers: a race, many races that differ in one number, and the surface below them."""

from dataclasses import dataclass

from app.labs.base import Translate
from app.labs.descent.query import DescentQuery, LadderQuery, SurfaceQuery
from app.labs.racing.answer import answer, answer_surface
from app.labs.racing.ladder import ladder, most_values
from app.labs.racing.types import GridAnswer, LadderAnswer, RaceAnswer
from app.runtime.programs import Programs


@dataclass(frozen=True, kw_only=True)
class DescentAnswer(RaceAnswer):
    """A race over a loss surface."""

    ladder: int
    """How many values `/api/ladder` would answer of this race at once."""


def compute(query: DescentQuery, programs: Programs, translate: Translate) -> DescentAnswer:
    """Run the race."""
    return DescentAnswer(**vars(answer(query, programs, translate)), ladder=most_values(query))


def compute_ladder(query: LadderQuery, programs: Programs, translate: Translate) -> LadderAnswer:
    """Answer the races of all values of one number."""
    return ladder(query, programs, translate)


def compute_surface(query: SurfaceQuery, programs: Programs, _translate: Translate) -> GridAnswer:
    """Answer the grid that contours are drawn from."""
    return answer_surface(query, programs, query.n)

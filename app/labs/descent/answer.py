"""What Descent answers: a race, many races that differ in one number, and the surface below them."""

from typing import Any

from app.labs.base import Translate
from app.labs.descent.query import DescentQuery, LadderQuery, SurfaceQuery
from app.labs.racing.answer import answer, answer_surface
from app.labs.racing.ladder import ladder, most_values
from app.runtime.programs import Programs


def compute(query: DescentQuery, programs: Programs, translate: Translate) -> dict[str, Any]:
    """Run the race and answer DESIGN's `/api/descent`."""
    return answer(query, programs, translate) | {"ladder": most_values(query)}


def compute_ladder(query: LadderQuery, programs: Programs, translate: Translate) -> dict[str, Any]:
    """Answer the races of all values of one number."""
    return ladder(query, programs, translate)


def compute_surface(query: SurfaceQuery, programs: Programs, _translate: Translate) -> dict[str, Any]:
    """Answer the grid that contours are drawn from."""
    return answer_surface(query, programs, query.n)

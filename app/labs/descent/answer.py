"""What Descent answers: a race, and the surface below it."""

from typing import Any

from app.labs.common import Translate
from app.labs.descent.query import DescentQuery, SurfaceQuery
from app.labs.racing.answer import answer, answer_surface
from app.numerics.programs import Programs


def compute(query: DescentQuery, programs: Programs, translate: Translate) -> dict[str, Any]:
    """Run the race and answer DESIGN's `/api/descent`."""
    return answer(query, programs, translate)


def compute_surface(query: SurfaceQuery, programs: Programs, _translate: Translate) -> dict[str, Any]:
    """Answer the grid that contours are drawn from."""
    return answer_surface(query, programs, query.n)

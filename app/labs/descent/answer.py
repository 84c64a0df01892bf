"""What Descent answers: a race, and the surface below it."""

from typing import Any

from app.labs.common import Translate, view_of
from app.labs.descent.query import DescentQuery, SurfaceQuery
from app.labs.racing.answer import answer
from app.numerics import landscape
from app.numerics.programs import Programs
from app.numerics.race import ground_of


def compute(query: DescentQuery, programs: Programs, translate: Translate) -> dict[str, Any]:
    """Run the race and answer DESIGN's `/api/descent`."""
    return answer(query, programs, translate)


def compute_surface(query: SurfaceQuery, programs: Programs, _translate: Translate) -> dict[str, Any]:
    """Answer the grid that contours are drawn from: `loss[j, i]` is at `(x[i], y[j])`, `gap` is loss − lowest."""
    problem, conditions = query.problem, query.conditions
    view = view_of(query.view, problem, query.start or problem.start)
    x, y, loss = landscape.grid(programs, problem, conditions, view, query.n)
    lowest = ground_of(programs, problem, conditions).lowest
    return {"view": view, "x": x, "y": y, "loss": loss, "gap": loss - lowest, "lowest": lowest}

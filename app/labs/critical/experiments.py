"""What Critical points answers of its two experiments: leaving a saddle, and the curvature of a small network."""

from app.labs.base import Translate
from app.labs.critical.compute import box_of, point_facts, point_of, survey_of
from app.labs.critical.query import CriticalQuery
from app.labs.critical.types import EscapeAnswer, EscapeOrigin, EscapeRun, NetworkAnswer
from app.numerics.analysis.network import training
from app.numerics.analysis.saddle_escape import depart, nearest_escape, radius_around, trial_at
from app.runtime.programs import Programs
from app.sentences import critical as words


def compute_escape(query: CriticalQuery, programs: Programs, translate: Translate) -> EscapeAnswer:
    """Answer `/api/escape`: runs that begin at or beside the saddle or maximum next to the point looked at."""
    found = survey_of(query, programs)
    origin = nearest_escape(found, point_of(query, found))
    if origin is None:
        return EscapeAnswer(origin=None, sentence=words.no_escape().render(translate), runs=[])
    trial = trial_at(
        programs,
        query.problem,
        query.conditions,
        box_of(query),
        origin,
        radius=radius_around(origin, found),
        learning_rate=query.learning_rate,
        beta1=query.beta1,
        epsilon=query.epsilon,
        noise=float(query.noise.values.get("std") or 0.0),
        seed=query.seed,
        steps=query.steps,
    )
    runs = depart(programs, trial)
    return EscapeAnswer(
        origin=EscapeOrigin(**vars(point_facts(origin)), down=trial.down.tolist(), up=trial.up.tolist()),
        radius=trial.radius,
        learning_rate=trial.learning_rate,
        limit=trial.limit,
        growth=trial.growth,
        model_error=trial.model_error,
        sentence=words.escape(trial, runs).render(translate),
        runs=[
            EscapeRun(
                name=run.name,
                title=translate(words.ESCAPES[run.name]),
                params=run.path.params,
                distance=run.distance,
                left_at=run.left_at,
                predicted=run.predicted,
                formula=translate(words.FORMULAS[run.name]),
                sentence=words.departure(run, trial).render(translate),
            )
            for run in runs
        ],
    )


def compute_network(query: CriticalQuery, programs: Programs, translate: Translate) -> NetworkAnswer:
    """Answer `/api/network`: loss, slope and Hessian eigenvalues of a small network while it trains."""
    found = training(programs, query.hidden, query.seed)
    return NetworkAnswer(
        parameters=found.parameters,
        loss=found.loss,
        stages=found.stages.tolist(),
        slope=found.slope,
        ratio=found.ratio,
        eigenvalues=found.eigenvalues,
        sentence=words.network(found).render(translate),
    )

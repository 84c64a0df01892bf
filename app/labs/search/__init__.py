"""Search: a budget of runs to find good hyperparameters, and how much of it each way of searching wastes."""

from app.labs.base import Computation, Lab, Picture, Stream
from app.labs.maps.types import MapBlock, MapHead
from app.labs.search.compute import SearchAnswer, compute, plan_map
from app.labs.search.presets import SEARCH_PRESETS
from app.labs.search.query import SearchMapQuery, SearchQuery
from app.schema.messages import N_

SEARCH = Lab(
    slug="search",
    place=60,
    title=N_("Search"),
    about=N_("Spend a budget of runs on two numbers: by grid, at random, or by your own guesses."),
    computations=(
        Computation(
            name="search",
            title="A search for the best two numbers of a run",
            about=(
                "`samples` are the runs of the search in the order in which they are made, `best` the lowest value "
                "after each; `bands` are the 10, 50 and 90 % quantiles of `best` over all repetitions; `own` are the "
                "visitor's samples; `truth` is the best run of the whole map. A value that is null is infinite: the "
                "run has failed."
            ),
            query=SearchQuery,
            compute=compute,
            answer=SearchAnswer,
        ),
    ),
    streams=(
        Stream(
            name="search_map",
            title="What becomes of the run over the two numbers searched",
            about="As /api/map: lines of JSON, the first of which says what the map is over.",
            query=SearchMapQuery,
            plan=plan_map,
            head=MapHead,
            block=MapBlock,
        ),
    ),
    presets=SEARCH_PRESETS,
    picture=Picture(kind="samples", query="budget=25&seeds=1"),
)

__all__ = ["SEARCH", "SearchMapQuery", "SearchQuery", "compute"]

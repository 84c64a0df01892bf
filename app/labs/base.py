"""What labs are made of, and the keys that several of them share, each declared once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

from app.languages import SOURCE_LANGUAGE, languages
from app.numerics.clipping import CLIPS
from app.numerics.conditions import conditions_of
from app.numerics.noise import NOISES
from app.numerics.penalties import PENALTIES
from app.numerics.problems.evaluate import GRID_SIDES
from app.numerics.problems.scalers import SCALERS, Scaling
from app.numerics.problems.surfaces import SURFACES
from app.numerics.problems.surfaces.record import Box, Point, Problem
from app.numerics.runs.spec import MOST_STEPS
from app.numerics.runs.step import Conditions
from app.numerics.schedules import SCHEDULES
from app.runtime.blocks import Blocks
from app.runtime.programs import Programs
from app.schema.kinds import Choice, Component, Flag, Names, Number, Numbers, Picked, pick
from app.schema.messages import N_, Mistake, Sentence
from app.schema.query import LabQuery, key
from app.stories import moments

Translate = Callable[[str], str]

VIEW_MARGIN = 0.04  # the default view is the domain, widened so that the start is this share of it inside the edge
COORDINATE = 1e9  # accepted coordinates lie within ±this: beyond any domain, and squares stay finite


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A link worth opening: what it shows in a few words, and what to look for in one sentence."""

    name: str
    title: str
    look_for: str
    query: str


@dataclass(frozen=True, kw_only=True)
class Computation:
    """What `GET /api/<name>` answers: `compute(query, programs, translate)` returns a dataclass of the type `answer`.

    The fields of that type, and the text below each, are what the API's description says. `is_compressible` says
    whether compressing the answer pays: grids do, trajectories cost more than they save.
    """

    name: str
    title: str
    about: str
    query: type[LabQuery]
    compute: Callable[[Any, Programs, Translate], Any]
    answer: type
    is_compressible: bool = False


@dataclass(frozen=True, kw_only=True)
class Stream:
    """What `GET /api/<name>` answers line by line; `plan(query, programs, translate)` says what is to be computed.

    `head` is the type of the first line, `block` that of each line after it.
    """

    name: str
    title: str
    about: str
    query: type[LabQuery]
    plan: Callable[[Any, Programs, Translate], Blocks]
    head: type
    block: type


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What a lab's card on the home page shows, drawn from the lab's own answer to `query`."""

    kind: Literal["paths", "points", "series", "samples"]
    query: str


@dataclass(frozen=True, kw_only=True)
class Lab:
    """A query, a computation and a drawing; the drawing is templates/labs/<slug>.html and static/js/labs/<slug>.js.

    `place` orders the navigation, lowest first; places are tens, so that a new lab fits between two others.
    The first computation's query is the page's; `surface` is the one that answers grids to draw contours from.
    `warmers` compile what its visitors will probably need next; they run once the presets are ready, while none waits.
    """

    slug: str
    place: int
    title: str
    about: str
    computations: tuple[Computation, ...]
    presets: tuple[Preset, ...]
    picture: Picture
    surface: str = "surface"
    streams: tuple[Stream, ...] = ()
    warmers: tuple[Callable[[Programs], None], ...] = ()

    @property
    def query(self) -> type[LabQuery]:
        """The query that the address bar holds."""
        return self.computations[0].query


SURFACE = Component(title=N_("Surface"), entries=SURFACES)
SCALER = Component(
    title=N_("Normalization"),
    entries=SCALERS,
    help=N_("How the features are scaled before the model is fitted; for surfaces made of data."),
)
PENALTY = Component(title=N_("Weight penalty"), entries=PENALTIES)
NOISE = Component(
    title=N_("Gradient noise"),
    entries=NOISES,
    help=N_("A stand-in for mini-batches: every run gets the same draws."),
)
SCHEDULE = Component(
    title=N_("Schedule"), entries=SCHEDULES, help=N_("How the learning rate changes from step to step.")
)
CLIP = Component(title=N_("Gradient clipping"), entries=CLIPS)
START = Numbers(
    title=N_("Start"),
    symbol="θ₀",
    parts=("x", "y"),
    low=-COORDINATE,
    high=COORDINATE,
    help=N_("Where every run begins. Drag it on the plot, click there, or type."),
)
VIEW = Numbers(
    title=N_("View"),
    parts=("x0", "x1", "y0", "y1"),
    low=-COORDINATE,
    high=COORDINATE,
    help=N_("The part of the surface that is drawn. Drag or scroll on the plot to change it."),
)
STEPS = Number(
    name="steps",
    title=N_("Steps"),
    default=200,
    low=1,
    high=MOST_STEPS,
    slider=(10, MOST_STEPS),
    scale="log",
    is_integer=True,
    help=N_("How many updates are computed."),
)
SEED = Number(
    name="seed",
    title=N_("Seed"),
    default=0,
    low=0,
    high=999_999,
    slider=(0, 20),
    is_integer=True,
    help=N_("The only source of randomness: the same seed draws the same noise and splits the same rows."),
)
TOLERANCE = Number(
    name="tolerance",
    title=N_("Tolerance"),
    default=1e-3,
    low=1e-15,
    high=0.5,
    slider=(1e-9, 0.1),
    scale="log",
    help=N_(
        "Steps are counted until the distance to the nearest global minimum stays below this share of the first "
        "distance; where the minima are no known points, until the square root of the loss gap does."
    ),
)
AT = Number(
    name="at", title=N_("Step shown"), default=None, low=0, high=MOST_STEPS, slider=(0, MOST_STEPS), is_integer=True
)
GRID = Number(
    name="n",
    title=N_("Grid points a side"),
    default=GRID_SIDES[0],
    low=2,
    high=GRID_SIDES[-1],
    slider=(16, 256),
    is_integer=True,
)
LANG = Choice(name="lang", title=N_("Language"), options=languages(), default=SOURCE_LANGUAGE)
EMBED = Flag(name="embed", title=N_("Embedded: the figure alone"), default=False)
NO_STORY = "none"
STORY = Choice(
    name="story",
    title=N_("Story"),
    options={NO_STORY: N_("none")} | {name: story.title for name, (story, _) in moments().items()},
    default=NO_STORY,
)
DTYPE = Choice(
    name="dtype",
    title=N_("Precision of the arrays"),
    options={"f4": N_("32 bits"), "f8": N_("64 bits")},
    default="f4",
)


class ProblemKeys(LabQuery):
    """A surface, what its rows are scaled by, and the seed that splits them."""

    surface: Picked = key(SURFACE, default=pick(SURFACES["bowl"]), group="problem", shapes=True)
    scaler: Picked = key(SCALER, default=pick(SCALERS["none"]), group="problem", shapes=True, shown_with="rows")
    seed: int = key(SEED, group="path", shapes=True, before="tolerance")

    @property
    def problem(self) -> Problem:
        """The surface with its parameters, data and scaler bound."""
        scaling = Scaling(self.scaler.entry, self.scaler.values)
        return self.surface.entry.bind(self.surface.values, scaling, self.seed)


class AdditionKeys(LabQuery, last=True):
    """What acts on the gradients of all runs alike."""

    schedule: Picked = key(SCHEDULE, default=pick(SCHEDULES["constant"]), group="additions")
    clip: Picked = key(CLIP, default=pick(CLIPS["none"]), group="additions")
    penalty: Picked = key(PENALTY, default=pick(PENALTIES["none"]), group="additions", shapes=True)
    noise: Picked = key(NOISE, default=pick(NOISES["none"]), group="additions")

    @property
    def conditions(self) -> Conditions:
        """Penalty and clipping, as the trajectory takes them."""
        return conditions_of(self.penalty.entry, self.penalty.values, self.clip.entry, self.clip.values)


class PathKeys(LabQuery, last=True):
    """Where every run begins, and how close to the minimum counts as reached; the seed stands between them."""

    start: tuple[float, float] | None = key(START, default=None, group="path")
    tolerance: float = key(TOLERANCE, group="path")


class StepKeys(LabQuery, last=True):
    """How many updates are computed."""

    steps: int = key(STEPS, group="path", before="seed")


class ViewKeys(LabQuery, last=True):
    """The part of the surface that is drawn."""

    view: tuple[float, float, float, float] | None = key(VIEW, default=None)

    def check(self, notes: list[Sentence] | None) -> Self:
        """Check that the view has an inside."""
        query = super().check(notes)
        return query.mended(notes, N_("the whole domain"), lambda query: check_view(query.view), view=None)


class PageKeys(LabQuery):
    """What every lab's page may be told; `hide` is each lab's own, for it names its controls."""

    story: str = key(STORY, role="page", before="hide")
    lang: str | None = key(LANG, default=None, role="page", before="hide")
    embed: bool = key(EMBED, role="page", before="hide")


def hideable(query: Callable[[], type[LabQuery]]) -> Names:
    """Return the kind of the key `hide`: parts of the page, and single controls of the lab."""

    def options() -> Mapping[str, str]:
        parts = {"controls": N_("Controls"), "loss": N_("Loss"), "inspector": N_("Inspector"), "time": N_("Time")}
        return parts | {f"controls.{name}": at.kind.title for name, at in query().ats().items() if at.group}

    return Names(title=N_("Hidden parts"), options=options)


def view_of(view: tuple[float, float, float, float] | None, problem: Problem, start: Point) -> Box:
    """Return the plotted rectangle: as asked, else the domain widened until the start lies well inside it."""
    if view:
        x0, x1, y0, y1 = view
        return (x0, x1), (y0, y1)
    sides = []
    for (low, high), at in zip(problem.domain, start, strict=True):
        # Solved for the margin to be a share of the widened side.
        margin = VIEW_MARGIN / (1 - VIEW_MARGIN)
        sides.append((min(low, at - margin * (high - at)), max(high, at + margin * (at - low))))
    return sides[0], sides[1]


def check_view(view: tuple[float, float, float, float] | None) -> None:
    """Refuse a view without an inside.

    Raises:
        Mistake: the sides are in the wrong order.
    """
    if view and not (view[0] < view[1] and view[2] < view[3]):
        raise Mistake(N_("view must be x0,x1,y0,y1 with x0 < x1 and y0 < y1"))

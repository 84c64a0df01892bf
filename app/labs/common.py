"""What labs are made of, and the keys that several of them share, each declared once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.languages import SOURCE_LANGUAGE, languages
from app.numerics.declare import Choice, Flag, Number
from app.numerics.programs import Programs
from app.numerics.race import MOST_STEPS
from app.numerics.words import N_
from app.query.keys import Names, Numbers
from app.query.model import LabQuery

Translate = Callable[[str], str]

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
    """What `GET /api/<name>` answers: `compute(query, programs, translate)` returns JSON with NumPy arrays in it.

    `is_compressible` says whether compressing the answer pays: grids do, trajectories cost more than they save.
    """

    name: str
    title: str
    about: str
    query: type[LabQuery]
    compute: Callable[[Any, Programs, Translate], Mapping[str, Any]]
    is_compressible: bool = False


@dataclass(frozen=True, kw_only=True)
class Lab:
    """A query, a computation and a drawing; the drawing is templates/labs/<slug>.html and static/js/labs/<slug>.js.

    The first computation's query is the page's. `warmers` compile what its visitors will probably need next; they run
    once the presets are ready, while nobody waits.
    """

    slug: str
    title: str
    about: str
    computations: tuple[Computation, ...]
    presets: tuple[Preset, ...]
    warmers: tuple[Callable[[Programs], None], ...] = ()

    @property
    def query(self) -> type[LabQuery]:
        """The query that the address bar holds."""
        return self.computations[0].query


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
    default=1e-6,
    low=1e-15,
    high=0.5,
    slider=(1e-12, 0.1),
    scale="log",
    help=N_("Steps are counted until the loss gap stays below this share of the first gap."),
)
AT = Number(
    name="at", title=N_("Step shown"), default=None, low=0, high=MOST_STEPS, slider=(0, MOST_STEPS), is_integer=True
)
LANG = Choice(name="lang", title=N_("Language"), options=languages(), default=SOURCE_LANGUAGE)
EMBED = Flag(name="embed", title=N_("Embedded: the figure alone"), default=False)
DTYPE = Choice(
    name="dtype",
    title=N_("Precision of the arrays"),
    options={"f4": N_("32 bits"), "f8": N_("64 bits")},
    default="f4",
)


def hideable(query: Callable[[], type[LabQuery]]) -> Names:
    """Return the kind of the key `hide`: parts of the page, and single controls of the lab."""

    def options() -> Mapping[str, str]:
        parts = {"controls": N_("Controls"), "loss": N_("Loss"), "inspector": N_("Inspector"), "time": N_("Time")}
        return parts | {f"controls.{name}": at.kind.title for name, at in query().ats().items() if at.group}

    return Names(title=N_("Hidden parts"), options=options)

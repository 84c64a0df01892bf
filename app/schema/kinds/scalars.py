"""Kinds that hold one value: a number, a choice, a flag, a moment of another run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.schema.kinds.base import ALONE, Context, Translate, words
from app.schema.messages import N_, Mistake
from app.schema.scales import Scale
from app.schema.text import echo, number_text, parse_number, unknown


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number with the range that is accepted and the narrower one that its slider covers, both inclusive.

    `default=None` means that the value is decided elsewhere: by a shared slider, or by the run's own record.
    `shared` names the shared slider that drives this number in every run that does not set its own. `is_rate` says
    that it is a learning rate: schedules multiply it, and relative rates divide it by λ_max.
    """

    name: str
    title: str
    default: float | None
    low: float
    high: float
    slider: tuple[float, float]
    symbol: str = ""
    scale: Scale = "linear"
    is_integer: bool = False
    shared: str = ""
    is_rate: bool = False
    help: str = ""

    def parse(self, name: str, text: str, _context: Context = ALONE) -> float | int:
        """Read a number in the accepted range."""
        return parse_number(name, text, low=self.low, high=self.high, is_integer=self.is_integer)

    def print(self, value: Any) -> str:
        """Print the number as ECMAScript does."""
        return number_text(value)

    def declare(self, name: str, default: Any, translate: Translate) -> dict[str, Any]:
        """Return the control's declaration."""
        return {
            "kind": "number",
            "name": name,
            **words(self, translate),
            "default": default,
            "low": self.low,
            "high": self.high,
            "slider": self.slider,
            "scale": self.scale,
            "isInteger": self.is_integer,
            "shared": self.shared,
            "isRate": self.is_rate,
        }

    def describe(self) -> dict[str, Any]:
        """Return the schema."""
        return {"type": "integer" if self.is_integer else "number", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of several named options (value → title).

    With `depends_on`, the name of an earlier choice, `options` and `default` are first keyed by that choice's value.
    An option may bring parameters of its own, which exist only while it is chosen.
    """

    name: str
    title: str
    options: Mapping[str, str] | Mapping[str, Mapping[str, str]]
    default: str | Mapping[str, str]
    depends_on: str = ""
    brings: Mapping[str, tuple["Parameter", ...]] = field(default_factory=dict)
    symbol: str = ""
    help: str = ""

    def parse(self, name: str, text: str, context: Context = ALONE) -> str:
        """Read one of the options that are open."""
        options = options_of(self, context.values)
        if text not in options:
            raise unknown(name, text, options)
        return text

    def print(self, value: Any) -> str:
        """Print the option's name."""
        return value

    def declare(self, name: str, default: Any, translate: Translate) -> dict[str, Any]:
        """Return the control's declaration, with those of all parameters that options bring."""
        return {
            "kind": "choice",
            "name": name,
            **words(self, translate),
            "default": default,
            "options": _translated(self.options, translate),
            "dependsOn": self.depends_on,
            "brings": {
                option: [parameter.declare(parameter.name, parameter.default, translate) for parameter in brought]
                for option, brought in self.brings.items()
            },
        }

    def describe(self) -> dict[str, Any]:
        """Return the schema."""
        return {"type": "string", "enum": list(self.options)}


@dataclass(frozen=True, kw_only=True)
class Flag:
    """Yes or no; `true` or `false` in links."""

    name: str
    title: str
    default: bool
    symbol: str = ""
    help: str = ""

    def parse(self, name: str, text: str, _context: Context = ALONE) -> bool:
        """Read `true` or `false`."""
        if text not in ("true", "false"):
            raise Mistake(N_("{name} must be true or false, got {value}"), name=name, value=echo(text))
        return text == "true"

    def print(self, value: Any) -> str:
        """Print `true` or `false`."""
        return "true" if value else "false"

    def declare(self, name: str, default: Any, translate: Translate) -> dict[str, Any]:
        """Return the control's declaration."""
        return {"kind": "flag", "name": name, **words(self, translate), "default": default}

    def describe(self) -> dict[str, Any]:
        """Return the schema."""
        return {"type": "boolean"}


class Moment(NamedTuple):
    """The state that run number `run` has before its update `step`; runs count from 1, as people do, steps from 0."""

    run: int
    step: int


@dataclass(frozen=True, kw_only=True)
class Fork:
    """A moment of another run from which a run continues, `run@step` in links; None for a run of its own."""

    name: str
    title: str
    most_runs: int
    most_steps: int
    default: None = None
    symbol: str = ""
    help: str = ""

    def parse(self, name: str, text: str, _context: Context = ALONE) -> Moment:
        """Read `run@step`."""
        run, at, step = text.partition("@")
        if not at:
            raise Mistake(N_("{name} must be run@step, such as 2@37, got {value}"), name=name, value=echo(text))
        return Moment(
            int(parse_number(f"{name} run", run, low=1, high=self.most_runs, is_integer=True)),
            int(parse_number(f"{name} step", step, low=0, high=self.most_steps, is_integer=True)),
        )

    def print(self, value: Any) -> str:
        """Print `run@step`."""
        return f"{value.run}@{value.step}"

    def declare(self, name: str, default: Any, translate: Translate) -> dict[str, Any]:
        """Return the control's declaration."""
        return {"kind": "fork", "name": name, **words(self, translate), "default": default}

    def describe(self) -> dict[str, Any]:
        """Return the schema."""
        return {"type": "string", "pattern": r"^\d+@\d+$"}


Parameter = Number | Choice | Flag | Fork
Value = float | int | str | bool | Moment | None


def options_of(choice: Choice, values: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the options that are open now: those of the value that the choice depends on, if it does."""
    return choice.options[str(values[choice.depends_on])] if choice.depends_on else choice.options  # type: ignore[return-value]


def default_of(parameter: Parameter, values: Mapping[str, Any]) -> Value:
    """Return the default, which may depend on a choice made earlier."""
    if isinstance(parameter.default, Mapping):
        return parameter.default[str(values[parameter.depends_on])]  # type: ignore[union-attr]
    return parameter.default


def _translated(options: Any, translate: Translate) -> Any:
    """Translate titles at any depth of nested options."""
    if isinstance(options, Mapping):
        return {value: _translated(title, translate) for value, title in options.items()}
    return translate(options)

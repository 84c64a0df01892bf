"""What an optimizer is: one function, which is its formula, and the facts that the pages show beside it."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from jaxtyping import Array, Float

from app.schema.kinds import Number, Parameter

Vector = Float[Array, "2"]
Scalar = Float[Array, ""]
State = Any  # whatever an optimizer remembers from one update to the next: an array, or a NamedTuple of arrays

EXTRAS = frozenset({"value", "value_fn"})  # as optax calls them


def aligned(*lines: str) -> str:
    """Return one LaTeX formula of several lines, each with `&` where they align."""
    # `align*`, because latex2mathml passes the `&` of `aligned` on as text.
    return r"\begin{align*} " + r" \\ ".join(lines) + r" \end{align*}"


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A vector that an update remembers or computes, and that the inspector shows beside the formula."""

    name: str
    symbol: str  # LaTeX
    title: str


class Step(NamedTuple):
    """What one update computes: θ ← θ + updates, the state for the next update, and the declared quantities.

    `shown` follows the order of the record's `quantities`; a scalar stands for both coordinates.
    """

    updates: Vector
    state: State
    shown: tuple[Vector | Scalar, ...] = ()


def no_state(params: Vector) -> State:
    """Return the state of an optimizer that remembers nothing."""
    return ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Optimizer:
    """One optimizer; the decorator `optimizer` makes it of a function.

    `update(grads, state, params, *, …)` makes one update. Its keyword arguments are the hyperparameters, traced scalars
    with the value of this update: flags as 0.0 or 1.0, choices as the index of the option. A function may also ask for
    `value`, the loss at `params`, and for `value_fn`, the loss as a function; both include the penalty.

    `init(params)` returns the state before the first update. Its shape does not depend on hyperparameters.

    `gradient_at(params, state, *, …)`, if given, is the point where the gradient of the next update is taken, instead
    of `params`; it takes all hyperparameters by name.

    `stability(eigenvalue, hyperparameters)`, if given, is the largest stable learning rate on a quadratic with that
    largest Hessian eigenvalue, in NumPy; `stability_formula` writes it: "2/λ_max".
    """

    name: str
    title: str
    family: str
    formula: str  # LaTeX, one update
    source: str
    about: str
    update: Callable[..., Step]
    init: Callable[[Vector], State] = no_state
    gradient_at: Callable[..., Vector] | None = None
    hyperparameters: tuple[Parameter, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    stability: Callable[[float, Mapping[str, float]], float] | None = None
    stability_formula: str = ""
    quadratic_default: float | None = None  # on a quadratic, default learning rate = this / λ_max (gd, momentum: 0.5)
    has_proximal: bool = False  # offers the proximal step for an L1 penalty
    inverts_hessian: bool = False  # has no step where the Hessian is singular

    @property
    def learning_rate(self) -> Number | None:
        """The hyperparameter that schedules multiply, if there is one."""
        return next((each for each in self.hyperparameters if isinstance(each, Number) and each.is_rate), None)

    @property
    def extras(self) -> frozenset[str]:
        """Which of `value` and `value_fn` the update asks for."""
        return EXTRAS.intersection(inspect.signature(self.update).parameters)

    @property
    def evaluates_loss(self) -> bool:
        """Whether an update needs the loss as a function, and not only a gradient: it cannot learn from batches."""
        return "value_fn" in self.extras

    def step(
        self,
        grads: Vector,
        state: State,
        params: Vector,
        hyperparameters: Mapping[str, Any],
        *,
        value: Scalar,
        value_fn: Callable[[Vector], Scalar] | None = None,
    ) -> Step:
        """Make one update, with what this optimizer asks for of `value` and `value_fn`."""
        given = {"value": value, "value_fn": value_fn}
        return self.update(grads, state, params, **hyperparameters, **{name: given[name] for name in self.extras})


def optimizer(**facts: Any) -> Callable[[Callable[..., Step]], Optimizer]:
    """Turn `def name(grads, state, params, *, …)` into the optimizer called `name`; `facts` are its other fields.

    Raises:
        TypeError: the function's keyword arguments are not the declared hyperparameters.
    """

    def decorate(update: Callable[..., Step]) -> Optimizer:
        record = Optimizer(name=update.__name__, update=update, **facts)
        parameters = inspect.signature(update).parameters.values()
        taken = {each.name for each in parameters if each.kind is inspect.Parameter.KEYWORD_ONLY}
        declared = {each.name for each in record.hyperparameters}
        if taken - EXTRAS != declared:
            raise TypeError(f"{record.name} takes {sorted(taken - EXTRAS)}, but declares {sorted(declared)}")
        return record

    return decorate

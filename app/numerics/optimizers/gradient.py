"""Gradient descent."""

from dataclasses import replace

from app.numerics.optimizers.hyperparameters import LEARNING_RATE
from app.numerics.optimizers.record import Scalar, State, Step, Vector, optimizer
from app.schema.messages import N_

FAMILY = N_("Gradient and momentum")


@optimizer(
    title=N_("Gradient descent"),
    family=FAMILY,
    formula=r"\theta \leftarrow \theta - \eta g",
    source="Cauchy, Méthode générale pour la résolution des systèmes d'équations simultanées, Comptes Rendus 25 (1847)",
    about=N_("Steps straight downhill, by the learning rate times the gradient."),
    hyperparameters=(replace(LEARNING_RATE, default=0.001),),
    stability=lambda eigenvalue, _values: 2 / eigenvalue,
    stability_formula="2/λ_max",
    quadratic_default=0.5,
    has_proximal=True,
)
def gd(grads: Vector, state: State, params: Vector, *, learning_rate: Scalar) -> Step:
    """θ ← θ − ηg."""
    return Step(updates=-learning_rate * grads, state=state)

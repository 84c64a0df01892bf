"""Hyperparameters that several optimizers have, declared once; a record replaces the default where its own differs."""

from app.schema.kinds import Flag, Number
from app.schema.messages import N_

LEARNING_RATE = Number(
    name="learning_rate",
    title=N_("Learning rate"),
    symbol="η",
    default=0.1,
    low=1e-12,
    high=1e3,
    slider=(1e-4, 10.0),
    scale="log",
    shared="learning_rate",
    is_rate=True,
    help=N_("How far one step goes: it multiplies the direction that the method has chosen."),
)
BETA1 = Number(
    name="beta1",
    title=N_("Gradient averaging"),
    symbol="β₁",
    default=0.9,
    low=0.0,
    high=0.999,
    slider=(0.0, 0.99),
    shared="beta1",
    help=N_("What is kept of the average of past gradients in each step: 0.9 remembers about 10 steps, 0 none."),
)
BETA2 = Number(
    name="beta2",
    title=N_("Squared-gradient averaging"),
    symbol="β₂",
    default=0.999,
    low=0.0,
    high=0.99999,
    slider=(0.0, 0.9999),
    scale="one_minus_log",
    shared="beta2",
    help=N_("What is kept of the average of past squared gradients, which sets the rate of each coordinate."),
)
BETA3 = Number(
    name="beta3",
    title=N_("Squared-gradient averaging"),
    symbol="β₃",
    default=0.99,
    low=0.0,
    high=0.99999,
    slider=(0.0, 0.9999),
    scale="one_minus_log",
    help=N_("What is kept of the average of squares, which sets the rate of each coordinate."),
)
RHO = Number(
    name="rho",
    title=N_("Averaging of squares"),
    symbol="ρ",
    default=0.9,
    low=0.0,
    high=0.99999,
    slider=(0.0, 0.9999),
    scale="one_minus_log",
    help=N_("What is kept of both averages: of squared gradients and of squared steps."),
)
EPS = Number(
    name="eps",
    title=N_("Guard"),
    symbol="ε",
    default=1e-8,
    low=0.0,
    high=1.0,
    slider=(1e-12, 1.0),
    scale="log",
    help=N_("A small number that keeps the division finite where gradients have been zero."),
)
WEIGHT_DECAY = Number(
    name="weight_decay",
    title=N_("Weight decay"),
    symbol="λ",
    default=0.0,
    low=0.0,
    high=10.0,
    slider=(0.0, 1.0),
    help=N_("Pulls the point towards the origin beside the gradient, by ηλ of its distance in each step."),
)
DEBIAS = Flag(
    name="debias",
    title=N_("Bias correction"),
    default=True,
    help=N_(
        "Divides averages that started at zero by the sum of their weights, so that they are right from the first step."
    ),
)

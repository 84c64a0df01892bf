"""Held at a saddle."""

from app.schema.messages import N_
from app.stories.record import ALMOST, SADDLE, Step, Story

SADDLES = Story(
    name="saddles",
    place=40,
    title=N_("Held at a saddle"),
    about=N_("Where the gradient is zero without a minimum, and which methods get away from there."),
    steps=(
        Step(
            lab="descent",
            query=f"{SADDLE}&run=gd,learning_rate:0.05&start=1.5,0",
            says=N_("Exactly on the x-axis the gradient points along it: gradient descent walks into the saddle."),
            observe=N_("It stops where the gradient is zero, though the surface falls on both sides."),
        ),
        Step(
            lab="critical",
            query=f"{SADDLE}&point=0,0",
            says=N_("What curvature says there: one eigenvalue is positive, the other negative."),
            observe=N_("Up along one arrow, down along the other; click on the two minima and compare."),
        ),
        Step(
            lab="descent",
            query=f"{SADDLE}&run=gd&{ALMOST}&steps=400&at=90",
            says=N_(
                "A millionth beside the axis: the gradient away from it is tiny, and near the saddle "
                "grows by a constant factor a step."
            ),
            observe=N_("Play: the path stays near the saddle for dozens of steps before it leaves."),
        ),
        Step(
            lab="descent",
            query=f"{SADDLE}&run=gd&run=adam&{ALMOST}&steps=400&at=40",
            says=N_(
                "Adam divides each component of the gradient by its own size: a tiny one counts as much as a large one."
            ),
            observe=N_("It leaves the axis at once, while gradient descent is still heading for the saddle."),
        ),
        Step(
            lab="descent",
            query=f"{SADDLE}&run=gd,learning_rate:0.05&start=1.5,0&noise=gaussian,std:0.1&steps=400",
            says=N_("A little noise, as mini-batches have it, is help enough."),
            observe=N_("The same start on the axis: now the run finds one of the two minima. Change the seed."),
        ),
    ),
)

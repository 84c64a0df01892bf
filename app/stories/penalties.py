"""Small weights, and none at all."""

from app.schema.messages import N_
from app.stories.record import WINE, Step, Story

PENALTIES = Story(
    name="penalties",
    place=90,
    title=N_("Small weights, and none at all"),
    about=N_("What a weight penalty does to the surface, and why only one of them makes exact zeros."),
    steps=(
        Step(
            lab="descent",
            query=f"{WINE}&scaler=standardize&learning_rate=0.3&steps=80&vs.penalty=l2,weight:0.5",
            says=N_("An L2 penalty adds a round bowl around zero."),
            observe=N_("The minimum moves towards zero, and the contours become rounder still."),
        ),
        Step(
            lab="descent",
            query="surface=bowl,kappa:5&learning_rate=0.1&steps=200&penalty=l1,weight:2",
            says=N_("An L1 penalty has a crease along each axis, and the minimum may lie on it: here on both."),
            observe=N_("The proximal step sets both coordinates to exactly zero: look at θ in the inspector."),
        ),
        Step(
            lab="descent",
            query="surface=bowl,kappa:5&learning_rate=0.1&steps=200&penalty=l1,weight:2"
            "&vs.penalty=l1,weight:2,method:subgradient",
            says=N_("With the plain subgradient the same problem never gets there."),
            observe=N_("Right, the path jumps from one side of the creases to the other, forever."),
        ),
    ),
)

"""Cliffs and plateaus."""

from app.schema.messages import N_
from app.stories.record import Step, Story

CLIFFS_AND_PLATEAUS = Story(
    name="cliffs-and-plateaus",
    place=70,
    title=N_("Cliffs and plateaus"),
    about=N_("Gradients that are far too large, and gradients that are far too small."),
    steps=(
        Step(
            lab="descent",
            query="surface=cliff&learning_rate=0.1",
            says=N_("At the foot of a cliff one gradient is larger than all others together."),
            observe=N_("A single step throws the run far back; look for it in the loss."),
        ),
        Step(
            lab="descent",
            query="surface=cliff&learning_rate=0.1&vs.clip=norm",
            says=N_("Clipping keeps the direction and bounds the length."),
            observe=N_("The same rate, with and without: only the clipped run stays at the foot."),
        ),
        Step(
            lab="descent",
            query="surface=plateau&run=gd&run=momentum&learning_rate=0.5&steps=300",
            says=N_("On a plateau the gradient is next to nothing, and so are gradient descent's steps."),
            observe=N_("Momentum builds up speed from the little there is, and gets over the edge first."),
        ),
        Step(
            lab="descent",
            query="surface=plateau&run=gd&run=momentum&run=rmsprop&run=adam&learning_rate=0.5&steps=300",
            says=N_("Methods that divide by the size of the gradient do not notice that it is small."),
            observe=N_("RMSProp and Adam leave at full speed; but RMSProp keeps oscillating around the minimum."),
        ),
    ),
)

"""The loss decides where you can learn."""

from app.schema.messages import N_
from app.stories.record import Step, Story

THE_RIGHT_LOSS = Story(
    name="the-right-loss",
    place=80,
    title=N_("The loss decides where you can learn"),
    about=N_("A classifier that is confidently wrong: squared error is blind there, cross-entropy is not."),
    steps=(
        Step(
            lab="descent",
            query="surface=softmax_squared_error&run=gd,learning_rate:1",
            says=N_("Three classes, logits −10 and 10: as wrong as can be. The squared error is flat here."),
            observe=N_("The run does not move: its gradient is below a millionth."),
        ),
        Step(
            lab="descent",
            query="surface=softmax_squared_error&run=gd,learning_rate:1&vs.surface=softmax_cross_entropy",
            says=N_("The same network, the same start, the other loss: cross-entropy."),
            observe=N_("It has a gradient wherever the answer is wrong, and gradient descent gets out."),
        ),
        Step(
            lab="descent",
            query="surface=softmax_squared_error&run=gd,learning_rate:1&run=adam,learning_rate:1"
            "&vs.surface=softmax_cross_entropy",
            says=N_("Could an optimizer make up for the loss? Adam rescales even tiny gradients."),
            observe=N_(
                "It does move on the plateau; but with the better loss plain gradient descent needs no such help."
            ),
        ),
    ),
)

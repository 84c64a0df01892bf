"""A few rows at a time."""

from app.schema.messages import N_
from app.stories.record import Step, Story

A_FEW_ROWS = Story(
    name="a-few-rows",
    place=50,
    title=N_("A few rows at a time"),
    about=N_("What a batch sees of the loss, what it costs, and what its noise is good for."),
    steps=(
        Step(
            lab="batches",
            query="learning_rate=0.02&batch=4&epochs=5&at=20",
            says=N_("Four of 178 wines: the thin lines are the loss that these four alone would have."),
            observe=N_(
                "Step with →: every batch has contours and a gradient of its own, scattered around those of all rows."
            ),
        ),
        Step(
            lab="batches",
            query="batch=1&learning_rate=0.02&run=gd&run=gd,batch:178",
            says=N_("Every row is seen ten times by both: one row at a time, or all at once."),
            observe=N_(
                "1,780 short, noisy steps come close to the minimum; 10 exact ones have only begun. "
                "Compare the time, too."
            ),
        ),
        Step(
            lab="batches",
            query="surface=logistic,data:breast_cancer&batch=16&learning_rate=0.3",
            says=N_("How noisy is a batch? Its gradient scatters like 1/√B: four times the rows, half the noise."),
            observe=N_("The points are measured, the line is the law; the last row takes it to zero."),
        ),
        Step(
            lab="batches",
            query="batch=1&learning_rate=0.2&epochs=40&run=gd&run=gd,batch:16&run=gd,batch:178",
            says=N_("With a constant rate the noise sets a floor."),
            observe=N_("The smaller the batch, the higher above the minimum its loss keeps hovering."),
        ),
        Step(
            lab="batches",
            query="surface=two_valleys&batch=1&learning_rate=0.09&epochs=40&run=gd&run=gd,batch:64",
            says=N_("Two valleys of nearly the same depth, one sharp and one flat; both runs begin in the sharp one."),
            observe=N_(
                "The run of all rows stays there. That of single rows is shaken out and stays in the "
                "flat one. Change the seed."
            ),
        ),
    ),
)

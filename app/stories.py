"""Stories: guided sequences of views, each a link with a sentence and what to observe. Pure data."""

from dataclasses import dataclass

from app.schema.messages import N_


@dataclass(frozen=True, kw_only=True)
class Step:
    """One view: the lab and the query that it opens, what it says, and what there is to observe."""

    lab: str
    query: str
    says: str
    observe: str


@dataclass(frozen=True, kw_only=True)
class Story:
    """A sequence of steps; `name` is how links write it."""

    name: str
    title: str
    about: str
    steps: tuple[Step, ...]


WINE = "surface=regression"
BOWL = "surface=bowl,kappa:25"
SADDLE = "surface=saddle_walls"
ALMOST = "start=1.5,0.000001&learning_rate=0.05"  # a hair beside the axis that leads into the saddle

STORIES = (
    Story(
        name="first-chapter",
        title=N_("The first chapter: from the ellipse to one step"),
        about=N_("Two raw features of real wines, why gradient descent zig-zags on them, and what becomes of that."),
        steps=(
            Step(
                lab="scaling",
                query="scaler=none&learning_rate=0.05&steps=80",
                says=N_("178 real wines: the color varies four times as much as the proanthocyanins."),
                observe=N_("The rows form a long cloud, and their loss is a long ellipse, across it."),
            ),
            Step(
                lab="descent",
                query=f"{WINE}&learning_rate=0.05&steps=80",
                says=N_("Gradient descent on that ellipse, with a cautious rate."),
                observe=N_("The path turns at once into the long axis and crawls: 80 steps are not enough."),
            ),
            Step(
                lab="descent",
                query=f"{WINE}&learning_rate=0.337&steps=80&at=6",
                says=N_("Faster, then: a larger learning rate. The arrow −∇L does not point at the minimum."),
                observe=N_("Step with → and watch the angle between the two arrows: the path zig-zags."),
            ),
            Step(
                lab="descent",
                query=f"{WINE}&learning_rate=0.4&steps=80",
                says=N_("Faster still? The steep direction allows no rate above 2/λ_max = 0.374."),
                observe=N_("Every swing is larger than the one before; the run leaves the picture."),
            ),
            Step(
                lab="descent",
                query=f"{WINE}&run=gd&run=momentum,beta1:0.7&learning_rate=0.337&steps=80",
                says=N_("Momentum averages the gradients: the swings cancel, and the way along adds up."),
                observe=N_("39 steps instead of 57. Drag the β₁ of the second run and see both effects."),
            ),
            Step(
                lab="scaling",
                query="morph=0&learning_rate=0.337&steps=80",
                says=N_("The other remedy changes the data: standardized, each feature has mean 0 and spread 1."),
                observe=N_("Press m, or drag t from 0 to 1: the cloud becomes round, and with it the loss."),
            ),
            Step(
                lab="descent",
                query=f"{WINE}&learning_rate=0.337&steps=80&vs.scaler=standardize",
                says=N_("Raw and standardized side by side."),
                observe=N_("The same rate, the same start: the ellipse is round, and 17 steps go straight in."),
            ),
            Step(
                lab="descent",
                query="surface=circle&learning_rate=0.3&steps=20",
                says=N_("A perfect circle, κ = 1: −∇L points at the minimum from everywhere."),
                observe=N_("Move the start wherever you like: the path is straight."),
            ),
            Step(
                lab="descent",
                query="surface=circle&learning_rate=1&steps=5",
                says=N_("And with the rate 1/λ gradient descent is at the minimum after one step, from anywhere."),
                observe=N_("Drag the start: always one step. That is what scaling aims at."),
            ),
        ),
    ),
    Story(
        name="learning-rate",
        title=N_("How large may a step be?"),
        about=N_("One bowl, five learning rates: too small, good, at the edge, over it, and falling."),
        steps=(
            Step(
                lab="descent",
                query=f"{BOWL}&learning_rate=0.002&steps=100",
                says=N_("A learning rate of 0.002: nothing goes wrong, and nothing gets done."),
                observe=N_("After 100 steps the path is still far up the valley."),
            ),
            Step(
                lab="descent",
                query=f"{BOWL}&learning_rate=0.04&steps=100",
                says=N_("0.04 = 1/λ_max: the steep direction is done in one step, the flat one is not."),
                observe=N_("One leap into the valley, then a straight walk along it."),
            ),
            Step(
                lab="descent",
                query=f"{BOWL}&learning_rate=0.0769&steps=100",
                says=N_("0.0769 = 2/(λ_max + λ_min), the best constant rate: both directions shrink equally fast."),
                observe=N_(
                    "It swings across the valley and arrives at step 86; at 0.04 a hundred steps were not enough."
                ),
            ),
            Step(
                lab="descent",
                query=f"{BOWL}&run=gd,learning_rate:0.0795&run=gd,learning_rate:0.085&steps=100",
                says=N_("Just below and just above 2/λ_max = 0.08."),
                observe=N_("One swings for a long time, the other is gone: there is no soft landing at this edge."),
            ),
            Step(
                lab="descent",
                query="surface=bowl,kappa:5&learning_rate=0.2&noise=gaussian,std:8&steps=500&vs.schedule=inverse_time",
                says=N_("With noisy gradients even a good rate never settles; a falling one does."),
                observe=N_("Left a cloud around the minimum, right a path that comes to rest in it."),
            ),
        ),
    ),
    Story(
        name="scalers",
        title=N_("What a scaler sees"),
        about=N_("Outliers, test rows, correlation: what scaling by columns can do, and what it cannot."),
        steps=(
            Step(
                lab="scaling",
                query="surface=regression,x1:alcohol,x2:malic_acid&scaler=minmax&learning_rate=1&rate=relative"
                "&vs.scaler=robust",
                says=N_("Min–max and robust scaling of the same wines: much the same cloud, in other units."),
                observe=N_("Look at the largest η of each: units decide which rates are stable."),
            ),
            Step(
                lab="scaling",
                query="surface=regression,x1:alcohol,x2:malic_acid&scaler=minmax&outlier=21,2.3&learning_rate=1&rate=relative"
                "&vs.scaler=robust",
                says=N_("Now one wine of 21 percent comes in. The extremes are all that min–max looks at."),
                observe=N_("Left it squeezes all others together, and κ is 4.8; right they stay, and κ is 1.16."),
            ),
            Step(
                lab="scaling",
                query="surface=regression,data:breast_cancer,x1:mean_smoothness,x2:worst_concave_points,intercept:fixed,"
                "split:0.8&scaler=minmax&learning_rate=1&rate=relative&seed=4&vs.fit=all",
                says=N_("Four of five rows are held out (rings). Right, the scaler was fitted on them, too."),
                observe=N_(
                    "Left 14 rings lie outside 0 and 1, as unknown rows do; right none can, and the test loss looks "
                    "better than it is: 0.122 instead of 0.204."
                ),
            ),
            Step(
                lab="scaling",
                query="surface=regression,x1:total_phenols,x2:flavanoids&learning_rate=1&rate=relative&vs.scaler=whiten",
                says=N_("Two features that say nearly the same: standardized columns leave the ellipse long."),
                observe=N_("κ stays 13.8 = (1 + |ρ|)/(1 − |ρ|). Only whitening, which also turns, makes a circle."),
            ),
        ),
    ),
    Story(
        name="saddles",
        title=N_("Held at a saddle"),
        about=N_("Where the gradient vanishes without a minimum, and who gets away from there."),
        steps=(
            Step(
                lab="descent",
                query=f"{SADDLE}&run=gd,learning_rate:0.05&start=1.5,0",
                says=N_("Exactly on the axis there is no slope sideways: gradient descent walks into the saddle."),
                observe=N_("It stops where the surface still falls in two directions."),
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
                says=N_("A millionth beside the axis: the sideways slope is tiny, and grows by a constant factor."),
                observe=N_("Play: the path rests at the saddle for dozens of steps before it leaves."),
            ),
            Step(
                lab="descent",
                query=f"{SADDLE}&run=gd&run=adam&{ALMOST}&steps=400&at=40",
                says=N_("Adam divides each slope by its own size: a tiny one counts as much as a large one."),
                observe=N_("It turns off before the saddle, while gradient descent is still on its way into it."),
            ),
            Step(
                lab="descent",
                query=f"{SADDLE}&run=gd,learning_rate:0.05&start=1.5,0&noise=gaussian,std:0.1&steps=400",
                says=N_("A little noise, as mini-batches have it, is help enough."),
                observe=N_("The same start on the axis: now the run finds one of the two minima. Change the seed."),
            ),
        ),
    ),
    Story(
        name="a-few-rows",
        title=N_("A few rows at a time"),
        about=N_("What a batch sees of the loss, what it costs, and what its noise is good for."),
        steps=(
            Step(
                lab="batches",
                query="learning_rate=0.02&batch=4&epochs=5&at=20",
                says=N_("Four of 178 wines: the thin lines are the loss that these four alone would have."),
                observe=N_("Step with →: every batch has contours and a slope of its own, around those of all rows."),
            ),
            Step(
                lab="batches",
                query="batch=1&learning_rate=0.02&run=gd&run=gd,batch:178",
                says=N_("Every row is seen ten times by both: one row at a time, or all at once."),
                observe=N_("1,780 short, noisy steps arrive; 10 exact ones have only begun. Compare the time, too."),
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
                says=N_("With one rate for ever, the noise sets a floor."),
                observe=N_("The smaller the batch, the higher above the minimum its loss keeps hovering."),
            ),
            Step(
                lab="batches",
                query="surface=two_valleys&batch=1&learning_rate=0.09&epochs=40&run=gd&run=gd,batch:64",
                says=N_(
                    "Two valleys of nearly the same depth, one sharp and one flat; both runs begin in the sharp one."
                ),
                observe=N_(
                    "All rows stay there. Single rows are shaken out and settle in the flat one. Change the seed."
                ),
            ),
        ),
    ),
    Story(
        name="towards-adam",
        title=N_("From gradient descent to Adam"),
        about=N_("A valley 400 times as long as wide, and what each idea contributes."),
        steps=(
            Step(
                lab="descent",
                query="surface=long_valley&run=gd&steps=300",
                says=N_("Gradient descent: one rate for both directions, and the steep one decides it."),
                observe=N_("300 steps, and the way along the valley is not done."),
            ),
            Step(
                lab="descent",
                query="surface=long_valley&run=gd&run=momentum&steps=300",
                says=N_("Momentum: the average of the gradients gathers speed where they agree."),
                observe=N_("After 300 steps its loss is a thousand times lower: compare the curves."),
            ),
            Step(
                lab="descent",
                query="surface=long_valley&run=gd&run=rmsprop&steps=300",
                says=N_("RMSProp: each coordinate is divided by the size of its own gradients."),
                observe=N_("Both coordinates advance equally fast, but near the minimum it keeps hovering."),
            ),
            Step(
                lab="descent",
                query="surface=long_valley&run=gd&run=momentum&run=rmsprop&run=adam&steps=300",
                says=N_("Adam: the average of the gradients over the size of the gradients, both corrected."),
                observe=N_("Open the inspector: m̂, v̂ and the effective rate of each coordinate, step by step."),
            ),
            Step(
                lab="averages",
                query="average=ema,beta:0.9&average=ema,beta:0.9,debias:true&steps=60&at=5",
                says=N_("Why corrected? An average that begins at zero is too small at first."),
                observe=N_("Play from step 0: the corrected line starts at the data, the other climbs to it."),
            ),
            Step(
                lab="descent",
                query=f"{BOWL}&run=adam,learning_rate:0.1&run=adam,learning_rate:0.1,debias:false&steps=100&at=3",
                says=N_("In Adam both averages begin at zero, and the one of the squares climbs more slowly."),
                observe=N_("Without the correction the first steps are more than three times too long."),
            ),
        ),
    ),
    Story(
        name="cliffs-and-plateaus",
        title=N_("Cliffs and plateaus"),
        about=N_("Gradients that are far too large, and gradients that are far too small."),
        steps=(
            Step(
                lab="descent",
                query="surface=cliff&learning_rate=0.1",
                says=N_("At the foot of a cliff one gradient is larger than all others together."),
                observe=N_("A single step throws the run away; look for it in the loss."),
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
                says=N_("On a plateau the gradient is next to nothing, and so are the steps."),
                observe=N_("Momentum gathers the little there is, and gets over the edge first."),
            ),
            Step(
                lab="descent",
                query="surface=plateau&run=gd&run=momentum&run=rmsprop&run=adam&learning_rate=0.5&steps=300",
                says=N_("Methods that divide by the size of the gradient do not notice that it is small."),
                observe=N_("RMSProp and Adam leave at full pace; and RMSProp cannot stop when it has arrived."),
            ),
        ),
    ),
    Story(
        name="the-right-loss",
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
                observe=N_("It slopes wherever the answer is wrong, and gradient descent gets out."),
            ),
            Step(
                lab="descent",
                query="surface=softmax_squared_error&run=gd,learning_rate:1&run=adam,learning_rate:1"
                "&vs.surface=softmax_cross_entropy",
                says=N_("Could an optimizer make up for the loss? Adam rescales even tiny gradients."),
                observe=N_("It does move on the plateau. But the better question was asked by the better loss."),
            ),
        ),
    ),
    Story(
        name="penalties",
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
                says=N_("An L1 penalty has a crease along each axis, and the minimum may lie in it."),
                observe=N_("The proximal step puts a coordinate exactly on zero: look at θ in the inspector."),
            ),
            Step(
                lab="descent",
                query="surface=bowl,kappa:5&learning_rate=0.1&steps=200&penalty=l1,weight:2"
                "&vs.penalty=l1,weight:2,method:subgradient",
                says=N_("With the plain subgradient the same problem never gets there."),
                observe=N_("Right, the path jumps from one side of the crease to the other, for ever."),
            ),
        ),
    ),
    Story(
        name="every-pixel-a-run",
        title=N_("A hundred thousand runs at once"),
        about=N_("What one run cannot show: where learning rates break, and which start leads where."),
        steps=(
            Step(
                lab="descent",
                query=f"{BOWL}&run=momentum&learning_rate=0.05&beta1=0.5&steps=100",
                says=N_("One run tells about one learning rate and one β₁: these two work."),
                observe=N_("Drag either slider: somewhere the run breaks. But where is the border?"),
            ),
            Step(
                lab="descent",
                query=f"{BOWL}&run=momentum&learning_rate=0.05&beta1=0.5&steps=100&map=stability",
                says=N_("On the right every pixel is such a run, with a rate and a β₁ of its own."),
                observe=N_("All runs beyond the dashed line of theory, 2(1 + β)/λ_max, are gone. Click any pixel."),
            ),
            Step(
                lab="descent",
                query="surface=rosenbrock&run=adam&start=-1.5,2&steps=300&map=stability",
                says=N_("Adam in Rosenbrock's bent valley: no formula draws this map."),
                observe=N_("Most rates are far too small; good ones fill a narrow band, and beside it luck decides."),
            ),
            Step(
                lab="descent",
                query="surface=himmelblau&run=gd,learning_rate:0.01&steps=200&map=basins",
                says=N_("Now every pixel is a start, in the colour of the point where its run ends."),
                observe=N_("Four valleys with smooth borders, and the saddles lie on them."),
            ),
            Step(
                lab="descent",
                query="surface=himmelblau&run=newton&start=-1,1.5&steps=60&map=basins",
                says=N_("The same starts with Newton's method."),
                observe=N_("Nine colours: saddles and the maximum draw it too, and its borders are frayed."),
            ),
        ),
    ),
)


def moments() -> dict[str, tuple[Story, int]]:
    """Return every step of every story under the name that links write, `story@number`; numbers begin at 1."""
    return {f"{story.name}@{number}": (story, number) for story in STORIES for number in range(1, len(story.steps) + 1)}

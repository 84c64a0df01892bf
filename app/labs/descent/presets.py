"""Descent's presets: each shows one thing of the curriculum."""

from app.labs.base import Preset
from app.schema.messages import N_

RACE = "start=-1.5,2&steps=500"

DESCENT_PRESETS = (
    Preset(
        name="ellipse-and-circle",
        title=N_("Ellipse against circle"),
        look_for=N_("Standardizing the features rounds the ellipse: 60 steps in a zig-zag become 17 straight ones."),
        query="surface=regression&learning_rate=0.337&steps=80&vs.scaler=standardize",
    ),
    Preset(
        name="extreme-pair",
        title=N_("The extreme pair"),
        look_for=N_(
            "Alcohol and proline: κ is 260,000, and at the same relative rate the raw run crawls along the valley."
        ),
        query="surface=regression,x1:alcohol,x2:proline&learning_rate=1&rate=relative&vs.scaler=standardize",
    ),
    Preset(
        name="stability-limit",
        title=N_("Where gradient descent breaks"),
        look_for=N_(
            "Rates well below, just below and above 2/λ_max = 0.08: the second oscillates across the "
            "valley, the third diverges."
        ),
        query="surface=bowl,kappa:25&run=gd,learning_rate:0.04&run=gd,learning_rate:0.078&run=gd,learning_rate:0.082&steps=100",
    ),
    Preset(
        name="momentum",
        title=N_("Momentum damps the zig-zag"),
        look_for=N_("Drag β₁ between 0 and 0.9: oscillations across the valley cancel, speed along it builds up."),
        query="surface=bowl,kappa:25&run=gd&run=momentum&learning_rate=0.075&beta1=0.5&steps=100",
    ),
    Preset(
        name="saddle",
        title=N_("A saddle holds gradient descent"),
        look_for=N_(
            "All start a millionth beside the stable axis: gradient descent pauses at the saddle, Adam leaves at once."
        ),
        query="surface=saddle_walls&run=gd&run=momentum&run=adam&learning_rate=0.05&start=1.5,0.000001&steps=400",
    ),
    Preset(
        name="ravine-race",
        title=N_("Six optimizers in Rosenbrock's valley"),
        look_for=N_("Everyone falls into the valley at once; following its bend is what tells them apart."),
        query="surface=rosenbrock&run=gd,learning_rate:0.001&run=momentum,learning_rate:0.0005&run=rmsprop,learning_rate:0.01"
        f"&run=adam&run=lbfgs&run=newton&learning_rate=0.1&{RACE}",
    ),
    Preset(
        name="cliff",
        title=N_("Clipping at the cliff"),
        look_for=N_(
            "Without clipping one step onto the wall throws the run far back; with it the same rate stays at the foot."
        ),
        query="surface=cliff&learning_rate=0.1&vs.clip=norm",
    ),
    Preset(
        name="plateau",
        title=N_("Out of a plateau"),
        look_for=N_("Where gradients are tiny, methods that divide by their size move at full speed."),
        query="surface=plateau&run=gd&run=momentum&run=rmsprop&run=adam&learning_rate=0.5&steps=300",
    ),
    Preset(
        name="schedule-against-noise",
        title=N_("Noise needs a decaying rate"),
        look_for=N_(
            "With a constant rate the run hovers around the minimum; with a decaying rate it comes ever closer."
        ),
        query="surface=bowl,kappa:5&learning_rate=0.2&noise=gaussian,std:8&steps=500&vs.schedule=inverse_time",
    ),
    Preset(
        name="bias-correction",
        title=N_("Adam's first steps"),
        look_for=N_(
            "Without bias correction the first steps are over three times as long. On this bowl that "
            "even helps: compare the losses."
        ),
        query="surface=bowl,kappa:25&run=adam,learning_rate:0.1&run=adam,learning_rate:0.1,debias:false&steps=100",
    ),
    Preset(
        name="exact-zeros",
        title=N_("L1: hovering near zero, or exactly zero"),
        look_for=N_("The subgradient keeps jumping about near the axis; the proximal step lands on it and stays."),
        query="surface=regression&scaler=standardize&learning_rate=0.4&penalty=l1,weight:0.25,method:subgradient&steps=60&vs.penalty=l1,weight:0.25",
    ),
    Preset(
        name="loss-choice",
        title=N_("Cross-entropy against squared error"),
        look_for=N_(
            "Far from the answer squared error is flat and the run stalls; cross-entropy has a gradient all the way."
        ),
        query="surface=softmax_squared_error&learning_rate=1&steps=300&vs.surface=softmax_cross_entropy",
    ),
    Preset(
        name="newton",
        title=N_("Newton needs one step"),
        look_for=N_("On a quadratic Newton's step undoes any ellipse: it lands on the minimum at once."),
        query="surface=bowl,kappa:100,angle:30&run=gd&run=newton&run=lbfgs&steps=100",
    ),
    Preset(
        name="map-of-rates",
        title=N_("Every rate and every β at once"),
        look_for=N_(
            "Every pixel is a run: they begin to diverge on the dashed line of theory, 2(1 + β)/λ_max. Click a cell."
        ),
        query="surface=bowl,kappa:25&run=momentum&learning_rate=0.05&steps=100&map=stability",
    ),
    Preset(
        name="basins-of-newton",
        title=N_("Where Newton's method ends"),
        look_for=N_(
            "Every start has the color of the point where its run ends: Newton's method is drawn to "
            "saddles and the maximum too."
        ),
        query="surface=himmelblau&run=newton&start=-1,1.5&steps=60&map=basins",
    ),
    Preset(
        name="many-valleys",
        title=N_("Four valleys, four answers"),
        look_for=N_("Drag the start: which minimum is reached depends on the start, and on the optimizer."),
        query="surface=himmelblau&run=gd,learning_rate:0.01&run=momentum,learning_rate:0.005&run=adam,learning_rate:0.2",
    ),
)

"""Maps: every pixel is the run that its two numbers ask for, and the pictures are those of theory."""

import numpy as np
import pytest

from app.labs.descent import DescentQuery, MapQuery, compute
from app.labs.maps.answer import ELSEWHERE, plan
from app.labs.maps.sweep import with_value
from app.numerics.runs.outcome import KINDS
from app.runtime.programs import Programs
from app.schema.messages import Mistake
from app.schema.page import read_page
from tests.answers import plain

SAMPLES = 6
QUICK = [
    "surface=himmelblau&run=adam",
    "surface=bowl&run=momentum&rate=relative",
]
THOROUGH = [
    "surface=rosenbrock&run=gd&map=stability,y:start.y",
    "surface=himmelblau&run=nesterov&noise=gaussian,std:1&seed=3&map=stability,y:noise.std",
    "surface=bowl,kappa:25&run=gd&map=stability,x:surface.kappa,y:learning_rate",
    "surface=bowl,kappa:25&run=gd&map=stability,x:surface.kappa,y:start.x",
    "surface=himmelblau&run=adam,learning_rate:0.3&schedule=cosine,warmup:5&map=stability,x:schedule.warmup,y:schedule.end",
    "surface=himmelblau&run=gd,schedule:step&map=stability,x:learning_rate,y:schedule.every",
    "surface=cliff&run=gd&clip=norm&map=stability,x:learning_rate,y:clip.at",
    "surface=styblinski_tang&run=gd&penalty=l1&map=stability,x:learning_rate,y:penalty.weight",
    "surface=regression&run=gd&penalty=l1,weight:0.3&map=stability",
    "surface=regression&scaler=standardize&run=adagrad&cells=64",
    "surface=saddle&run=gd",
    "surface=himmelblau&run=lbfgs&steps=20",
    "surface=two_weights&run=rmsprop&map=basins",
    "surface=himmelblau&run=newton&steps=50&map=basins",
    "surface=saddle_walls&run=gd,learning_rate:0.1&map=basins",
    "surface=logistic&run=adam,learning_rate:0.3&steps=30&cells=64",
]


@pytest.fixture(scope="module")
def programs():
    return Programs()


def read(link):
    return read_page(MapQuery, link).check_problem(None).first


def picture(link, programs, *, most=None):
    """Return the first line, and the first blocks joined: by default all."""
    blocks = plan(read(link), programs, str)
    found = [plain(blocks.compute(block, lambda: None)) for block in blocks.blocks[:most]]
    return plain(blocks.head), {
        name: np.concatenate([block[name] for block in found]) for name in found[0] if name != "stride"
    }


def grid(head, cells, name):
    """Return one quantity as rows of columns."""
    shape = len(head["y"]["values"]), len(head["x"]["values"])
    table = np.full(shape, np.nan)
    table.ravel()[cells["at"]] = cells[name]
    return table


@pytest.mark.parametrize("link", [*QUICK, *(pytest.param(link, marks=pytest.mark.thorough) for link in THOROUGH)])
def test_a_pixel_is_the_single_run_of_its_numbers(link, programs):
    query = read(link)
    head, cells = picture(link, programs, most=1)
    x, y = head["x"], head["y"]
    calm = 0
    for at in np.random.default_rng(0).permutation(len(cells["at"])):
        row, column = divmod(int(cells["at"][at]), len(x["values"]))
        alone = with_value(query, head["run"], x["name"], x["values"][column])
        alone = with_value(alone, head["run"], y["name"], y["values"][row])
        run = plain(compute(alone, programs, str))["runs"][head["run"] - 1]
        if is_chaotic(alone, run, programs, head["run"]):
            continue
        assert KINDS[cells["kind"][at]] == run["outcome"]
        assert cells["reached"][at] == (-1 if run["reached_at"] is None else run["reached_at"])
        assert cells["gone"][at] == (-1 if run["diverged_at"] is None else run["diverged_at"])
        if "settled" in cells:
            assert cells["settled"][at] == (-1 if run["converged_at"] is None else run["converged_at"])
        np.testing.assert_allclose(cells["gap"][at], run["gap"][-1], rtol=1e-9, atol=1e-13)
        calm += 1
        if calm == SAMPLES:
            return
    raise AssertionError("hardly any run is calm")


def is_chaotic(query, run, programs, number):
    """Whether a start that differs in the last digits goes another way: then rounding decides, in any program."""
    x, _ = query.start or query.problem.start
    beside = plain(compute(with_value(query, number, "start.x", x + 1e-14 * max(abs(x), 1)), programs, str))["runs"][
        number - 1
    ]
    return not np.allclose(beside["gap"], run["gap"], rtol=1e-9, atol=1e-13, equal_nan=True)


@pytest.mark.parametrize(
    ("optimizer", "limit"),
    [
        ("gd,learning_rate:1", lambda beta: 2 / 25),
        pytest.param("momentum,learning_rate:1", lambda beta: 2 * (1 + beta) / 25, marks=pytest.mark.thorough),
    ],
)
def test_the_edge_of_stability_on_a_bowl_is_where_theory_puts_it(optimizer, limit, programs):
    y = "beta1" if optimizer.startswith("momentum") else "start.y"
    link = (
        f"surface=bowl,kappa:25&run={optimizer}&steps=2000&cells=64&map=stability,x:learning_rate,y:{y}"
        "&map_view=0.01,0.2,0.05,0.9"
    )
    head, cells = picture(link, programs)
    gap = grid(head, cells, "gap")
    rates = np.array(head["x"]["values"])
    for row, beta in enumerate(head["y"]["values"]):
        grows = ~(gap[row] < 1)  # what diverges far enough is not a number
        edge = limit(beta)
        assert abs(int(grows.argmax()) - int((rates > edge).argmax())) <= 1
        assert grows[rates > edge * 1.1].all()
        assert not grows[rates < edge / 1.1].any()
        drawn = head["edge"][row]
        assert drawn == pytest.approx([edge, beta])


@pytest.mark.parametrize(
    "link",
    ["surface=himmelblau", "surface=bowl&clip=norm", "surface=bowl&noise=gaussian", "surface=bowl&schedule=cosine"],
)
def test_no_edge_is_drawn_where_the_formula_does_not_hold(link, programs):
    assert plan(read(link), programs, str).head.edge is None


def newtons_ends(x, y, steps):
    """Newton's method on Himmelblau's function in NumPy, derivatives written out."""
    for _ in range(steps):
        a, b = x * x + y - 11, x + y * y - 7
        gx, gy = 4 * x * a + 2 * b, 2 * a + 4 * y * b
        xx, xy, yy = 12 * x * x + 4 * y - 42, 4 * (x + y), 12 * y * y + 4 * x - 26
        determinant = xx * yy - xy * xy
        x, y = x - (yy * gx - xy * gy) / determinant, y - (xx * gy - xy * gx) / determinant
    return np.stack([x, y], axis=-1)


def points_of(programs, link):
    head = plain(plan(read_page(MapQuery, f"{link}&map=basins&cells=64&steps=20").first, programs, str).head)
    return [tuple(point["at"]) for point in head["points"]]


def test_the_points_of_a_basin_map_are_the_same_ones_in_the_same_order_wherever_one_looks(programs):
    whole = points_of(programs, "surface=himmelblau&run=gd")
    assert len(whole) == 9
    for view in ("2.5,3.5,1.5,2.5", "-4,-3,-4,-3", "-20,20,-20,20"):
        assert points_of(programs, f"surface=himmelblau&run=gd&view={view}") == whole


@pytest.mark.thorough
def test_points_outside_the_domain_come_after_those_inside(programs):
    inside = points_of(programs, "surface=rastrigin&run=gd")
    wide = points_of(programs, "surface=rastrigin&run=gd&view=5,7,5,7")
    assert wide[: len(inside)] == inside
    assert len(wide) > len(inside)


@pytest.mark.thorough
def test_newtons_basins_match_a_loop_in_numpy(programs):
    head, cells = picture("surface=himmelblau&run=newton&steps=60&cells=64&map=basins", programs)
    ends = grid(head, cells, "end")
    x, y = np.meshgrid(head["x"]["values"], head["y"]["values"])
    places = np.array([point["at"] for point in head["points"]])
    assert {point["kind"] for point in head["points"]} == {"minimum", "maximum", "saddle"}
    distances = np.linalg.norm(newtons_ends(x, y, 60)[:, :, None] - places, axis=-1)
    expected = np.where(distances.min(axis=-1) < 1e-3, distances.argmin(axis=-1), ELSEWHERE)
    assert (ends == expected).all()
    assert len(np.unique(ends)) == len(places) == 9


def test_coarse_comes_first_and_every_cell_once(programs):
    blocks = plan(read("surface=himmelblau&run=adam&cells=256"), programs, str)
    numbers = np.concatenate([tile.numbers for tile in blocks.blocks])
    assert sorted(numbers) == list(range(256**2))
    assert blocks.size == 256**2
    rows, columns = np.divmod(numbers[: 64**2], 256)
    assert not (rows % 4).any()
    assert not (columns % 4).any()


def test_the_numbers_of_a_side_are_spaced_as_their_slider_and_short(programs):
    head = plain(plan(read("surface=bowl&run=adam&cells=64&map=stability,y:beta2"), programs, str).head)
    rates, betas = np.array(head["x"]["values"]), np.array(head["y"]["values"])
    assert np.ptp(np.diff(np.log(rates))) < 0.01
    assert rates[0] > 1e-4
    assert rates[-1] < 10
    assert np.ptp(np.diff(np.log(1 - betas))) < 0.01
    assert max(len(repr(rate)) for rate in rates.tolist()) <= 9


def test_more_steps_than_allowed_make_fewer_cells_and_say_so(programs):
    head = plain(plan(read("surface=himmelblau&run=gd&steps=2000"), programs, str).head)
    assert head["side"] == 128
    assert "100,000,000" in head["notes"][0]


OVER = "map=stability,x:learning_rate,y:start.y"


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("map=stability,x:beta2", "map x beta2 is no number of gd here; expected one of learning_rate"),
        ("map=stability,x:learning_rate,y:learning_rate", "both sides of the map are learning_rate"),
        ("map=basins,run:2", "map run 2 does not exist; expected at most 1"),
        ("run=gd&run=gd,fork:1@5&map=basins,run:2", "run 2 is forked from another"),
        ("map=none", "map is none"),
        ("map=stability&map_view=1,0,0,1", "x0 < x1"),
        # The digits of a value are counted from the width of a cell: one of width 0 has no logarithm.
        (f"{OVER}&map_view=0.1,0.10000000000000002,1,2", "the range of learning_rate is too narrow, 0.1 to 0.1000000"),
        (f"{OVER}&map_view=0.1,0.2,5e-324,1e-323", "the range of start.y is too narrow, 5e-324 to 1e-323"),
        (f"{OVER}&map_view=-2,-1,1,2", "the range of learning_rate is empty; expected a part of 1e-12 to 1000"),
    ],
)
def test_a_map_that_cannot_be_is_refused_in_a_sentence(link, words):
    with pytest.raises(Mistake) as refusal:
        read(link)
    assert words in refusal.value.sentence.render(str)


def test_a_page_with_a_bad_map_opens_without_it():
    notes = []
    query = read_page(DescentQuery, "run=gd&map=stability,x:beta1", notes).check_problem(notes).first
    assert query.map.name == "none"
    assert "using no map" in notes[0].render(str)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("surface=bowl&map=stability,x:surface.kappa,y:surface.angle", "has a surface of its own for every pixel"),
        ("surface=logistic&map=stability,x:learning_rate,y:surface.split", "cannot be over surface.split"),
    ],
)
def test_a_map_over_too_many_surfaces_is_refused(link, words, programs):
    with pytest.raises(Mistake) as refusal:
        plan(read(link), programs, str)
    assert words in refusal.value.sentence.render(str)


def test_how_many_whole_numbers_a_side_holds_compiles_no_program_of_its_own():
    programs = Programs()
    counts = []
    for last in (2, 3, 5, 9, 17, 33, 62, 63):
        link = (
            "surface=bowl&run=gd,learning_rate:0.01&steps=20&cells=64&map=stability,x:schedule.warmup,y:learning_rate"
        )
        picture(f"{link}&map_view=0,{last},0.001,0.01", programs)
        counts.append(len(programs))
    assert counts == counts[:1] * len(counts)


@pytest.mark.thorough
def test_maps_of_all_sorts_of_sizes_compile_a_bounded_number_of_programs():
    programs = Programs()
    base = "surface=bowl&run=gd,schedule:step&cells=64&steps={steps}"
    maps = [
        "map=stability,x:schedule.every,y:learning_rate&map_view=1,{n},0.001,0.01",
        "map=stability,x:schedule.every,y:schedule.factor&map_view=1,{n},0.1,0.9",
        "map=stability,x:schedule.warmup,y:surface.kappa&map_view=0,{n},1,40",
    ]
    found = []
    for n in (2, 7, 40):
        for steps in (3, 11, 19):
            for each in maps:
                picture(f"{base}&{each}".format(n=n, steps=steps), programs, most=1)
        found.append(len(programs))
    # Three programs (begin, march, finish) for each kind of map, and what the surface itself takes.
    assert found[0] == found[-1] <= 3 * len(maps) + 4

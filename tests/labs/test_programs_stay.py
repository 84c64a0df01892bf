"""Programs: compiled once, bounded in number, and never by a slider."""

import pytest

from app.labs.descent import DescentQuery, SurfaceQuery, compute, compute_surface
from app.numerics.problems import evaluate
from app.numerics.problems.scalers import SCALERS, Scaling
from app.numerics.problems.surfaces import SURFACES
from app.runtime.programs import Programs
from app.schema.page import read_page

pytestmark = pytest.mark.sampled


@pytest.fixture(scope="module")
def programs():
    return Programs()


def run(programs, link):
    compute(read_page(DescentQuery, link).first, programs, str)
    compute_surface(read_page(SurfaceQuery, link).first, programs, str)


BASE = "surface=bowl,kappa:10&run=gd&run=adam"
MOVED = [
    "learning_rate=0.02",
    "beta1=0.5&beta2=0.9",
    "surface=bowl,kappa:37,angle:12",
    "run=adam,eps:0.001,debias:false&run=gd,learning_rate:0.01",
    "schedule=cosine,warmup:7,end:0.1",
    "run=adam,schedule:step,every:5",
    "clip=norm,at:2",
    "clip=value,at:0.1",
    "penalty=l1,weight:0.3",
    "penalty=l1,weight:0.3,method:subgradient",
    "penalty=lq,weight:0.3,q:1.5",
    "noise=gaussian,std:0.7&seed=5",
    "start=1,1&view=-3,3,-3,3",
    "steps=129",
    "steps=500",
    "tolerance=0.01",
    "fields=grads,updates,learning_rate,state&dtype=f8",
]


@pytest.mark.parametrize("moved", MOVED)
def test_moving_a_slider_does_not_compile_again(programs, moved):
    # One bucket holds all these lengths; the minimum under a penalty needs the grid's and the derivatives' programs.
    run(programs, f"{BASE}&steps=200")
    run(programs, f"{BASE}&steps=200&penalty=l1")
    before = programs.traces
    keys = {pair.split("=")[0] for pair in moved.split("&")}
    kept = [pair for pair in f"{BASE}&steps=200".split("&") if pair.split("=")[0] not in keys]
    run(programs, "&".join([*kept, moved]))
    assert programs.traces == before


def test_the_same_data_surface_serves_all_rows_and_scalers_with_one_program():
    programs = Programs()
    run(programs, "surface=regression")
    before = programs.traces
    for link in ("surface=regression,data:iris", "surface=regression,data:diabetes,intercept:fixed&scaler=robust"):
        run(programs, link)
    assert programs.traces == before


def test_on_a_warm_surface_only_the_path_is_compiled():
    programs = Programs()
    problem = SURFACES["himmelblau"].bind({}, Scaling(SCALERS["none"], {}), 0)
    evaluate.warm(programs, problem)
    before = programs.traces
    run(programs, "surface=himmelblau&run=gd,learning_rate:0.01&run=newton&start=1,1")
    assert programs.traces == before + 2


def test_the_number_of_live_programs_is_bounded_and_a_dropped_one_comes_back():
    programs = Programs(most=2)
    for name in ("gd", "momentum", "adam", "gd"):
        run(programs, f"surface=circle&run={name}&steps=3")
    assert len(programs) <= 2


@pytest.mark.thorough
def test_pinned_programs_stay_when_others_come_and_go():
    programs = Programs(most=4)
    run(programs, "surface=circle&run=gd&steps=3")
    programs.pin()
    for name in ("momentum", "adam", "nesterov", "rmsprop", "adagrad"):
        run(programs, f"surface=circle&run={name}&steps=3")
    before = programs.traces
    run(programs, "surface=circle&run=gd&steps=3")
    assert programs.traces == before

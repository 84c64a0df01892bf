"""A new surface, optimizer or laboratory is found by everything that shows it, with no other file touched.

The files below tests/extending are what one would write; a copy of the program with nothing but them added serves here.
"""

import json
import math
import shutil
import subprocess
import sys
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest

from tests.web.test_encoding import read

pytestmark = pytest.mark.thorough  # a whole server is started from a copy of the program

ROOT = Path(__file__).parents[1]
ADDED = Path(__file__).parent / "extending"

RACE = "surface=ripples,height:2&run=normalized,learning_rate:0.5&start=2,1&steps=4"
PATHS = (
    "/",
    "/descent",
    "/batches",
    "/critical",
    "/circles?radius=3",
    "/openapi.json",
    f"/descent?{RACE}",
    f"/api/descent?{RACE}&fields=updates,state&dtype=f8",
    "/api/surface?surface=ripples&n=3&dtype=f8",
    "/api/circles?radius=3",
    "/api/circles?radius=1.0",
    "/api/circles?radius=-1",
    "/api/descent?surface=ripples,depth:1",
)
ASK = """
import json, sys
from starlette.testclient import TestClient
from app.main import create_app
from app.settings import Settings
client = TestClient(create_app(Settings()))
answers = {path: client.get(path) for path in json.load(sys.stdin)}
json.dump({path: [answer.status_code, answer.text] for path, answer in answers.items()}, sys.stdout)
"""


class Page(HTMLParser):
    """The declarations of a page, the addresses that it links and loads, and the formulas that it brings."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: set[str] = set()
        self.formulas: set[str] = set()
        self._is_data, self._data = False, ""
        self.feed(html)
        self.data: dict[str, Any] = json.loads(self._data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in an address, a formula, or the start of the declarations."""
        given = dict(attrs)
        self._is_data = given.get("id") == "page"
        self.addresses |= {urlsplit(given.get(name) or "").path for name in ("href", "src")}
        self.formulas.add(given.get("data-formula") or "")

    def handle_data(self, data: str) -> None:
        """Take in the declarations."""
        if self._is_data:
            self._data += data

    @property
    def keys(self) -> Mapping[str, Mapping[str, Any]]:
        """What is declared of each key."""
        return {key["name"]: key for key in self.data["keys"]}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[int, str]]:
    """Status and text of every path above, from the program with the added files."""
    program = tmp_path_factory.mktemp("program")
    for folder in ("app", "templates", "static"):
        shutil.copytree(ROOT / folder, program / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ADDED, program, dirs_exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", ASK], input=json.dumps(PATHS), capture_output=True, text=True, cwd=program, check=True
    )
    return {path: (status, text) for path, (status, text) in json.loads(done.stdout).items()}


@pytest.fixture(scope="module")
def answers(served: Mapping[str, tuple[int, str]]) -> Mapping[str, Any]:
    """The answers of the API that are no refusals."""
    return {path: json.loads(text) for path, (status, text) in served.items() if "/api/" in path and status == 200}


def test_only_files_that_are_new_were_added():
    added = [path.relative_to(ADDED) for path in ADDED.rglob("*") if path.is_file() and "__pycache__" not in str(path)]
    assert len(added) == 5
    assert not [path for path in added if (ROOT / path).exists()]


def test_every_menu_has_the_surface_and_the_optimizer(served):
    page = Page(served["/descent"][1])
    entry = page.keys["surface"]["entries"]["ripples"]
    assert entry["title"] == "Ripples"
    assert [each["name"] for each in entry["parameters"]] == ["height"]
    assert next(iter(page.keys["surface"]["entries"])) == "bowl"  # what was there keeps its place
    assert page.keys["run"]["entries"]["normalized"]["family"] == "Added optimizers"
    assert "ripples" in Page(served["/critical"][1]).keys["surface"]["entries"]
    assert "normalized" in Page(served["/batches"][1]).keys["run"]["entries"]


def test_the_inspector_has_the_quantities_and_their_symbols(served):
    page = Page(served["/descent"][1])
    quantities = page.keys["run"]["entries"]["normalized"]["quantities"]
    assert [(each["name"], each["title"]) for each in quantities] == [
        ("unit", "Direction"),
        ("length", "Length of the step"),
    ]
    assert {"run/normalized", "surface/ripples", "normalized/unit", "normalized/length"} <= page.formulas


def test_the_api_runs_the_optimizer_on_the_surface(answers):
    (run,) = next(answer for path, answer in answers.items() if "run=normalized" in path)["runs"]
    point = np.array([2.0, 1.0])
    for k in range(5):
        x, y = point
        grads = np.array([2 * x + 2 * math.sin(2 * x), 2 * y])
        unit = grads / np.linalg.norm(grads)
        assert read(run["params"])[k] == pytest.approx(point, rel=1e-12)
        assert read(run["state"]["unit"])[k] == pytest.approx(unit, rel=1e-12)
        assert read(run["state"]["length"])[k] == pytest.approx([0.5 / (k + 1)] * 2, rel=1e-15)
        point = point - 0.5 / (k + 1) * unit


def test_the_api_draws_the_surface(answers):
    grid = answers["/api/surface?surface=ripples&n=3&dtype=f8"]
    x, y = np.meshgrid(read(grid["x"]), read(grid["y"]))
    assert read(grid["loss"]) == pytest.approx(x**2 + y**2 + np.sin(x) ** 2, rel=1e-12)


def test_links_are_canonical_and_open_what_they_say(served, answers):
    page = Page(served[f"/descent?{RACE}"][1])
    assert page.data["query"] == RACE
    assert answers["/api/circles?radius=3"]["query"] == "radius=3"
    assert answers["/api/circles?radius=1.0"]["query"] == ""  # the default is left out


def test_mistakes_are_refused_in_the_words_of_the_new_entries(served):
    assert served["/api/circles?radius=-1"] == (422, '{"detail":"radius must be between 0 and 100, got -1"}')
    status, text = served["/api/descent?surface=ripples,depth:1"]
    assert status == 422
    assert "height" in text


def test_openapi_describes_them(served):
    document = json.loads(served["/openapi.json"][1])
    (radius, _) = document["paths"]["/api/circles"]["get"]["parameters"]
    assert radius["schema"] == {"type": "number", "minimum": 0.0, "maximum": 100.0, "default": 1.0}
    assert document["components"]["schemas"]["CirclesAnswer"]["properties"]["area"]["description"] == "πr²."
    keys = {each["name"]: each["schema"] for each in document["paths"]["/api/descent"]["get"]["parameters"]}
    assert "ripples" in keys["surface"]["pattern"]
    assert "normalized" in keys["run"]["items"]["pattern"]


def test_the_laboratory_is_in_the_navigation_in_its_place(served, answers):
    home = served["/"][1]
    assert home.index('href="/scaling"') < home.index('href="/circles"') < home.index('href="/averages"')
    assert "/circles" in Page(served["/descent"][1]).addresses
    assert answers["/api/circles?radius=3"]["area"] == pytest.approx(9 * math.pi, rel=1e-15)


def test_the_laboratory_has_a_page_with_its_words_presets_and_script(served):
    status, text = served["/circles?radius=3"]
    page = Page(text)
    assert status == 200
    assert '<output id="area">' in text
    assert (page.data["api"], page.data["query"]) == ("/api/circles", "radius=3")
    assert [(each["name"], each["query"]) for each in page.data["presets"]] == [("two", "radius=2")]
    scripts = {address.partition("/js/")[2] for address in page.addresses if address.endswith(".js")}
    assert {"labs/circles.js", "dom.js"} <= scripts  # and those of every page

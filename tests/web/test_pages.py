"""Pages as the server renders them: state, notes, and nothing from another host."""

import json
import re

import pytest

from app.labs import LABS
from app.labs.descent import DESCENT, DescentQuery
from app.numerics.optimizers import OPTIMIZERS
from app.numerics.problems.surfaces import SURFACES
from app.schema.page import read_page
from app.web.pages import mathml


def page_data(client, path):
    response = client.get(path)
    assert response.status_code == 200
    (script,) = re.findall(r'<script type="application/json" id="page">(.*?)</script>', response.text, re.DOTALL)
    return json.loads(script)


def test_an_empty_address_opens_the_first_preset(client):
    assert page_data(client, "/descent")["query"] == DESCENT.presets[0].query


def test_with_any_key_present_absent_keys_take_the_models_defaults(client):
    assert page_data(client, "/descent?steps=50")["query"] == "steps=50"


def test_a_page_says_what_it_replaced_and_opens_all_the_same(client):
    response = client.get("/descent?surface=everest&steps=50")
    assert response.status_code == 200
    assert "unknown surface &#39;everest&#39;; expected one of bowl" in response.text
    assert page_data(client, "/descent?surface=everest&steps=50")["query"] == "steps=50"


def test_a_page_says_what_only_the_bound_problem_could_tell(client):
    response = client.get("/descent?surface=beale&rate=relative&steps=50")
    assert "rate=relative needs a quadratic surface, and beale is none" in response.text
    assert page_data(client, "/descent?surface=beale&rate=relative&steps=50")["query"] == "surface=beale&steps=50"


def test_what_a_link_says_is_never_markup(client):
    response = client.get("/descent", params={"surface": "</script><script>alert(1)</script>"})
    assert "<script>alert(1)" not in response.text


def test_a_page_names_no_other_host_and_no_inline_script(client):
    for path in ("/descent", "/docs"):
        text = client.get(path).text
        assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', text)
        assert not re.findall(r"<script(?![^>]*(?:src=|application/json))", text)
        assert not re.findall(r"\son[a-z]+=", re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL))
        assert "<style" not in text


@pytest.mark.parametrize("lab", LABS, ids=[lab.slug for lab in LABS])
def test_presets_are_good_links(lab):
    assert len(lab.presets) >= (10 if lab is DESCENT else 6)
    for preset in lab.presets:
        read_page(lab.query, preset.query)  # raises at a mistake
    assert len({preset.name for preset in lab.presets}) == len(lab.presets)


def test_the_page_declares_every_key_and_every_entry(client):
    keys = {key["name"]: key for key in page_data(client, "/descent")["keys"]}
    assert list(keys) == list(DescentQuery.keys())
    assert list(keys["surface"]["entries"]) == list(SURFACES)
    assert list(keys["run"]["entries"]) == list(OPTIMIZERS)


@pytest.mark.parametrize(
    "latex",
    [record.formula for registry in (SURFACES, OPTIMIZERS) for record in registry.values()],
    ids=[*SURFACES, *OPTIMIZERS],
)
def test_formulas_become_mathml(latex):
    markup = mathml(latex)
    assert markup.startswith("<math")
    assert "\\" not in markup  # a command that the converter does not know stays as it is


@pytest.mark.parametrize("path", ["/nowhere", "/api/nowhere", "/static/0/nowhere.js", "/static/0/../../pyproject.toml"])
def test_what_does_not_exist_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_static_files_are_kept_for_ever_under_their_version_only(client):
    address, *_ = re.findall(r'src="(/static/[^"]+\.js)"', client.get("/docs").text)
    assert "immutable" in client.get(address).headers["cache-control"]
    other = re.sub(r"/static/\w+/", "/static/000000000000/", address)
    assert client.get(other).headers["cache-control"] == "no-cache"


def test_compressed_and_plain_answers_hold_the_same(client):
    for path in ("/descent?steps=20", "/api/surface?n=20"):
        plain = client.get(path, headers={"accept-encoding": "identity"})
        small = client.get(path, headers={"accept-encoding": "gzip"})
        assert small.headers["content-encoding"] == "gzip"
        assert small.text == plain.text

"""The API's description against what the API answers."""

import json

import pytest
from starlette.testclient import TestClient

from app.labs import LABS
from app.main import create_app
from app.schema.page import read_page
from app.settings import Settings
from tests.web.jsonschema import check

COMPUTATIONS = {computation.name: (lab, computation) for lab in LABS for computation in lab.computations}
STREAMS = {stream.name: (lab, stream) for lab in LABS for stream in lab.streams}


@pytest.fixture(scope="module")
def client():
    return TestClient(create_app(Settings()))


@pytest.fixture(scope="module")
def described(client):
    return client.get("/openapi.json").json()


def answer_schema(described, name, kind="application/json"):
    return described["paths"][f"/api/{name}"]["get"]["responses"]["200"]["content"][kind]["schema"]


def schemas_in(part, at):
    """Yield every schema of the description, and where it is."""
    if not isinstance(part, dict):
        return
    yield at, part
    for name in ("properties", "$defs"):
        for key, schema in part.get(name, {}).items():
            yield from schemas_in(schema, f"{at}.{key}")
    for name in ("items", "additionalProperties"):
        yield from schemas_in(part.get(name), f"{at}.{name}")
    for name in ("anyOf", "prefixItems"):
        for number, schema in enumerate(part.get(name, ())):
            yield from schemas_in(schema, f"{at}.{name}[{number}]")


def test_every_schema_says_something(described):
    roots = dict(described["components"]["schemas"])
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            for parameter in operation.get("parameters", ()):
                roots[f"{method} {path} {parameter['name']}"] = parameter["schema"]
            for code, response in operation["responses"].items():
                assert response["content"], (path, code)
                for kind, content in response["content"].items():
                    roots[f"{method} {path} {code} {kind}"] = content["schema"]
                    # A text or a number alone would say nothing of what is answered.
                    assert "$ref" in content["schema"] or content["schema"]["type"] == "array", (path, code)
    for name, root in roots.items():
        for at, schema in schemas_in(root, name):
            assert schema.keys() & {"$ref", "type", "anyOf"}, at


def test_every_field_is_described(described):
    for name, schema in described["components"]["schemas"].items():
        assert schema["description"], name
        for field, part in schema["properties"].items():
            assert part["description"].endswith("."), (name, field)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", COMPUTATIONS)
def test_the_example_is_a_preset_and_its_answer_is_what_the_description_says(client, described, name):
    lab, computation = COMPUTATIONS[name]
    parameters = described["paths"][f"/api/{name}"]["get"]["parameters"]
    values = {each["name"]: each["example"] for each in parameters if "example" in each}
    for parameter in parameters:
        if "example" in parameter:
            check(parameter["example"], parameter["schema"], {}, parameter["name"])
    response = client.get(f"/api/{name}", params=values)
    assert response.status_code == 200, response.text
    preset = read_page(computation.query, lab.presets[0].query).first
    assert response.json()["query"] == preset.link("query")
    check(response.json(), answer_schema(described, name), described["components"]["schemas"])


@pytest.mark.thorough
@pytest.mark.parametrize("name", COMPUTATIONS)
def test_all_presets_are_answered_as_described(client, described, name):
    lab, computation = COMPUTATIONS[name]
    schema, components = answer_schema(described, name), described["components"]["schemas"]
    for preset in lab.presets:
        for query in read_page(computation.query, preset.query).panels:
            check(client.get(f"/api/{name}?{query.link('query')}").json(), schema, components, preset.name)


@pytest.mark.thorough
@pytest.mark.parametrize("name", STREAMS)
def test_every_line_of_a_map_is_as_described(client, described, name):
    schema = answer_schema(described, name, "application/x-ndjson")
    lines = [json.loads(line) for line in client.get(f"/api/{name}?cells=64&steps=20").text.splitlines()]
    assert len(lines) > 1
    check(lines, schema, described["components"]["schemas"])


@pytest.mark.thorough
def test_a_map_of_basins_is_as_described(client, described):
    lines = client.get("/api/map?surface=himmelblau&map=basins&cells=64&steps=20").text.splitlines()
    schema = answer_schema(described, "map", "application/x-ndjson")
    found = [json.loads(line) for line in lines]
    assert "end" in found[1]
    check(found, schema, described["components"]["schemas"])


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("descent", "surface=bowl&run=adam&run=newton&fields=grads,updates,learning_rate,state"),
        ("descent", "surface=saddle&run=gd&run=gd,fork:1@5"),
        ("ladder", "vary=learning_rate&values=0.01,0.02&surface=bowl"),
        ("search", "own=0.01:0.5&budget=4&seeds=2&steps=5&strategy=coarse_to_fine"),
        ("escape", "surface=bowl"),
        ("scaling", "scaler=unit&outlier=15,30&surface=regression,split:0.3"),
    ],
)
def test_rare_fields_are_as_described(client, described, name, query):
    response = client.get(f"/api/{name}?{query}")
    assert response.status_code == 200, response.text
    check(response.json(), answer_schema(described, name), described["components"]["schemas"])


def test_refusals_and_health_are_as_described(client, described):
    components = described["components"]["schemas"]
    for name in (*COMPUTATIONS, *STREAMS):
        assert {"414", "422", "500", "503"} <= described["paths"][f"/api/{name}"]["get"]["responses"].keys()
    check(client.get("/api/descent?steps=0").json(), components["Refusal"], components)
    check(client.get("/healthz").json(), components["Health"], components)
    check(client.get("/readyz").json(), components["Ready"], components)

"""What the API answers, as OpenAPI describes it: schemas made of the answers' dataclasses, and examples of presets."""

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI

from app.labs.base import Computation, Lab, Preset, Stream
from app.schema.answers import Schema, components_of, fields_of, reference
from app.schema.page import read_page
from app.version import VERSION

REFUSALS = {
    414: "the query is longer than 8 KB",
    422: "the query cannot be taken; the sentence names the thing, the value and what was expected",
    500: "the program is at fault, not the query; the server's log says more",
    503: "the server is busy; try again after the pause in Retry-After",
}


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What every answer begins with."""

    query: str
    """The canonical link of what was asked."""
    version: str
    """The version of the server."""


@dataclass(frozen=True, kw_only=True)
class StreamSize:
    """What ends the first line of a stream."""

    cells: int
    """How many cells all lines have together."""


@dataclass(frozen=True, kw_only=True)
class StreamProgress:
    """What ends each line of a stream after the first."""

    done: int
    """How many cells have been answered so far."""
    seconds_left: float | None
    """A guess of the time that the rest will take; null in the first block."""


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why a request was refused."""

    detail: str
    """One sentence that names the thing, the value and what was expected."""


@dataclass(frozen=True, kw_only=True)
class Health:
    """The port is open."""

    status: str
    """Always `ok`."""
    version: str
    """The version of the server."""


@dataclass(frozen=True, kw_only=True)
class Ready:
    """Whether the programs of the presets are compiled."""

    is_ready: bool
    """What a class opens first answers at once; the status is 200 then, else 503."""
    is_warm: bool
    """What visitors will probably need next does, too."""
    failed: Sequence[str]
    """What could not be compiled, and why; the server's log says more."""


def enveloped(answer: Any, link: str) -> dict[str, Any]:
    """Return the fields of an answer, after those of the envelope."""
    return {"query": link, "version": VERSION, **fields_of(answer)}


def add_description(app: FastAPI, labs: Sequence[Lab]) -> None:
    """Let `/openapi.json` say what each operation answers."""
    plain = app.openapi

    @functools.cache
    def openapi() -> Schema:
        described = plain()
        described.setdefault("components", {})["schemas"] = answer_schemas(labs)
        for lab in labs:
            for operation in (*lab.computations, *lab.streams):
                for method in described["paths"][f"/api/{operation.name}"].values():
                    _describe(method, lab.presets[0], operation)
        _describe_health(described["paths"])
        return described

    app.openapi = openapi


def answer_schemas(labs: Sequence[Lab]) -> dict[str, Schema]:
    """Return the components of the API's description: every dataclass that an answer is made of."""
    streams = [stream for lab in labs for stream in lab.streams]
    answers = [computation.answer for lab in labs for computation in lab.computations]
    answers += [stream.head for stream in streams]
    blocks = [stream.block for stream in streams]
    found = components_of(Refusal, Health, Ready, Envelope, StreamSize, StreamProgress, *answers, *blocks)
    envelope, size, progress = (found.pop(added.__name__) for added in (Envelope, StreamSize, StreamProgress))
    heads = {stream.head for stream in streams}
    for record in {*answers, *blocks}:
        before = [envelope] if record in answers else []
        after = [size] if record in heads else [progress] if record in blocks else []
        found[record.__name__] = _joined(before, found[record.__name__], after)
    return found


def _joined(before: Sequence[Schema], record: Schema, after: Sequence[Schema]) -> Schema:
    """Return the schema of a record that has the fields of others, too."""
    parts = [*before, record, *after]
    return {
        **record,
        "properties": {name: schema for part in parts for name, schema in part["properties"].items()},
        "required": [name for part in parts for name in part["required"]],
    }


def _describe(operation: Schema, preset: Preset, described: Computation | Stream) -> None:
    """Add what an operation answers, and what the preset would ask it."""
    texts = _texts(described, preset)
    for parameter in operation["parameters"]:
        if parameter["name"] in texts:
            parameter["example"] = _example(parameter["schema"], texts[parameter["name"]])
    kind = "application/json"
    refusals = {
        str(code): {"description": why, "content": {kind: {"schema": reference("Refusal")}}}
        for code, why in REFUSALS.items()
    }
    content = _lines(described) if isinstance(described, Stream) else {kind: {"schema": _reference(described.answer)}}
    operation["responses"] = {"200": {"description": "The answer.", "content": content}, **refusals}


def _lines(stream: Stream) -> Schema:
    """Return the content of a stream: a sequence of lines, as OpenAPI 3.2 describes one, as if it were an array."""
    schema = {
        "type": "array",
        "description": "One line of JSON after the other: the first says what the map is over, each other is "
        "a block; a detail ends a map that failed.",
        "prefixItems": [_reference(stream.head)],
        "items": {"anyOf": [_reference(stream.block), reference("Refusal")]},
    }
    return {"application/x-ndjson": {"schema": schema}}


def _reference(record: type) -> Schema:
    return reference(record.__name__)


def _texts(described: Computation | Stream, preset: Preset) -> dict[str, list[str]]:
    """Return what the preset's link says, by key."""
    query = read_page(described.query, preset.query).first
    found: dict[str, list[str]] = {}
    for name, text in query.pairs("query"):
        found.setdefault(name, []).append(text)
    return found


def _example(schema: Schema, texts: list[str]) -> Any:
    """Return a parameter's value as its schema has it."""
    match schema["type"]:
        case "array":
            return texts
        case "integer" | "number":
            return json.loads(texts[0])
        case "boolean":
            return texts[0] == "true"
        case _:
            return texts[0]


def _describe_health(paths: Schema) -> None:
    for path, record, codes in (("/healthz", Health, ["200"]), ("/readyz", Ready, ["200", "503"])):
        described = {"application/json": {"schema": _reference(record)}}
        responses = paths[path]["get"]["responses"]
        for code in codes:
            responses[code] = {"description": HTTPStatus(int(code)).phrase, "content": described}

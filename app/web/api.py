"""The API: one GET a computation, without state; the same query gives the same bytes."""

import contextlib
import gzip
import hashlib
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from app.labs.base import Blocks, Computation, Stream
from app.runtime.jobs import BusyError, Workers
from app.runtime.programs import Programs
from app.runtime.streams import LongWorkers
from app.schema.kinds import OwnRows
from app.schema.messages import N_, Mistake, Sentence
from app.schema.page import read_page
from app.schema.query import LabQuery
from app.schema.table import MOST_BYTES, too_large
from app.version import VERSION
from app.web.encoding import encode
from app.web.languages import language_of, translator
from app.web.openapi import parameters_of
from app.web.responses import enveloped


def add_computation(app: FastAPI, computation: Computation, programs: Programs, workers: Workers) -> None:
    """Serve `GET /api/<name>?<query>`."""

    async def answer(request: Request) -> Response:
        language = language_of(request)
        query = read_page(computation.query, request.scope["query_string"].decode(errors="replace")).first
        link = query.link("query")
        tag = _tag(language, link, query.link("api"))
        headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Language, Accept-Encoding"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        is_compressed = computation.is_compressible and "gzip" in request.headers.get("accept-encoding", "")
        if is_compressed:
            headers["Content-Encoding"] = "gzip"
        body = await workers.run(_work(computation, query, link, programs, language, is_compressed))
        return Response(body, media_type="application/json", headers=headers)

    async def answer_rows(request: Request) -> Response:
        """Answer the same query for rows that come in the body, of which nothing is kept."""
        language = language_of(request)
        query = read_page(computation.query, request.scope["query_string"].decode(errors="replace")).first
        query = query.with_rows(await _body(request))
        body = await workers.run(_work(computation, query, query.link("query"), programs, language, False))
        return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})

    def serve(endpoint: Callable[[Request], Coroutine[Any, Any, Response]], method: str, **described: Any) -> None:
        app.router.add_api_route(
            f"/api/{computation.name}",
            endpoint,
            methods=[method],
            route_class_override=DescribedRoute,
            name=computation.name,
            summary=computation.title,
            description=computation.about,
            response_class=JSONResponse,
            openapi_extra={"parameters": parameters_of(computation.query), **described},
        )

    serve(answer, "GET")
    if any(isinstance(kind, OwnRows) for kind in computation.query.keys().values()):
        content = {"text/csv": {"schema": {"type": "string", "maxLength": MOST_BYTES}}}
        serve(answer_rows, "POST", requestBody={"required": True, "content": content})


def add_stream(app: FastAPI, stream: Stream, programs: Programs, maps: LongWorkers) -> None:
    """Serve `GET /api/<name>?<query>`, a line of JSON at a time."""

    async def answer(request: Request) -> Response:
        language = language_of(request)
        query = read_page(stream.query, request.scope["query_string"].decode(errors="replace")).first
        link = query.link("query", "api")
        tag = _tag(language, link)
        # Lines are to arrive as they are made, through a proxy too.
        headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Language", "X-Accel-Buffering": "no"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)

        def begin() -> tuple[dict[str, Any], Blocks]:
            return {"query": query.link("query"), "version": VERSION}, stream.plan(
                query, programs, translator(language)
            )

        lines = maps.lines(tag, begin)
        first = await anext(lines)  # what is wrong with a query is known here, while a status can still say so
        return StreamingResponse(_chain(first, lines), media_type="application/x-ndjson", headers=headers)

    app.router.add_api_route(
        f"/api/{stream.name}",
        answer,
        methods=["GET"],
        route_class_override=DescribedRoute,
        name=stream.name,
        summary=stream.title,
        description=stream.about,
        response_class=Response,
        openapi_extra={"parameters": parameters_of(stream.query)},
    )


async def _chain(first: bytes, lines: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    async with contextlib.aclosing(lines):
        yield first
        async for line in lines:
            yield line


async def _body(request: Request) -> bytes:
    """Read a body that is no larger than a table may be, and not a byte of what would be."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise too_large()
    return body


class DescribedRoute(APIRoute):
    """A route that FastAPI describes and calls as it is: the endpoint reads the request itself, from our own keys."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Leave out the search for parameters and bodies that no endpoint of ours declares."""
        return self.endpoint


def _tag(*parts: str) -> str:
    text = "|".join((VERSION, *parts))
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def _work(
    computation: Computation, query: LabQuery, link: str, programs: Programs, language: str, is_compressed: bool
) -> Callable[[], bytes]:
    def work() -> bytes:
        found = computation.compute(query, programs, translator(language))
        body = encode(enveloped(found, link), getattr(query, "dtype", "f4"))
        return gzip.compress(body, compresslevel=5, mtime=0) if is_compressed else body

    return work


def add_refusals(app: FastAPI) -> None:
    """Turn a visitor's mistake into 422 with its sentence, and a full queue into 503; everything else is a bug."""

    @app.exception_handler(Mistake)
    async def mistake(request: Request, error: Mistake) -> Response:
        return refuse(request, 422, error.sentence)

    @app.exception_handler(BusyError)
    async def busy(request: Request, _error: BusyError) -> Response:
        response = refuse(request, 503, Sentence(N_("the server is busy; try again in a moment")))
        response.headers["Retry-After"] = "1"
        return response


def refuse(request: Request, status: int, sentence: Sentence) -> Response:
    detail = sentence.render(translator(language_of(request)))
    return JSONResponse({"detail": detail}, status_code=status, headers={"Cache-Control": "no-store"})

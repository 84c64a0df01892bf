"""The API: one GET a computation, without state; the same query gives the same bytes."""

import contextlib
import gzip
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any

from fastapi import FastAPI, HTTPException
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Match

from app.labs.base import Computation, Stream
from app.runtime.blocks import Blocks
from app.runtime.encoding import encode
from app.runtime.jobs import BusyError, GoneError, Jobs, until_gone
from app.runtime.programs import Programs
from app.runtime.streams import Streams
from app.schema.kinds import OwnRows
from app.schema.messages import N_, Mistake, Sentence
from app.schema.page import read_first
from app.schema.query import LabQuery
from app.schema.table import MOST_BYTES, too_large
from app.version import VERSION
from app.web.bugs import BUG, log_bug
from app.web.headers import has_tag, tag_of, takes_gzip
from app.web.languages import language_of, translator
from app.web.openapi import parameters_of
from app.web.responses import enveloped

NDJSON = "application/x-ndjson"


def add_computation(app: FastAPI, computation: Computation, programs: Programs, jobs: Jobs) -> None:
    """Serve `GET /api/<name>?<query>`."""

    async def answer(request: Request) -> Response:
        language = language_of(request)
        query = read_first(computation.query, _query_string(request))
        link = query.link("query")
        is_compressed = computation.is_compressible and takes_gzip(request)
        tag = tag_of(language, link, query.link("api"), "gzip" if is_compressed else "")
        headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Language, Accept-Encoding"}
        if has_tag(request, tag):
            return Response(status_code=304, headers=headers)
        if is_compressed:
            headers["Content-Encoding"] = "gzip"
        if request.scope.get("is_head"):
            return Response(media_type="application/json", headers=headers)

        def compute() -> bytes:
            body = _body(computation, query, link, programs, language)
            return gzip.compress(body, compresslevel=5, mtime=0) if is_compressed else body

        body = await jobs.run(compute, request.receive)
        return Response(body, media_type="application/json", headers=headers)

    async def answer_rows(request: Request) -> Response:
        """Answer the same query for rows that come in the body, of which nothing is kept."""
        language = language_of(request)
        query = read_first(computation.query, _query_string(request))
        content = await _content(request)

        def compute() -> bytes:
            with_rows = query.with_rows(content)
            return _body(computation, with_rows, with_rows.link("query"), programs, language)

        body = await jobs.run(compute, request.receive)
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


def add_stream(app: FastAPI, stream: Stream, programs: Programs, streams: Streams) -> None:
    """Serve `GET /api/<name>?<query>`, a line of JSON at a time."""

    async def answer(request: Request) -> Response:
        language = language_of(request)
        query = read_first(stream.query, _query_string(request))
        link = query.link("query", "api")
        tag = tag_of(language, link)
        # Lines are to arrive as they are made, through a proxy too.
        headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Language", "X-Accel-Buffering": "no"}
        if has_tag(request, tag):
            return Response(status_code=304, headers=headers)
        if request.scope.get("is_head"):
            return Response(media_type=NDJSON, headers=headers)

        def begin() -> tuple[dict[str, Any], Blocks]:
            head = {"query": query.link("query"), "version": VERSION}
            return head, stream.plan(query.check_problem(None), programs, translator(language))

        lines = streams.lines(tag, begin)
        # What is wrong with a query is known with the first line, while a status can still say so.
        first = await until_gone(anext(lines), request.receive)
        return StreamingResponse(_chain(request, first, lines), media_type=NDJSON, headers=headers)

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


async def _chain(request: Request, first: bytes, lines: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """Yield all lines. The status has been sent by then: what goes wrong later is told in a last line."""
    async with contextlib.aclosing(lines):
        yield first
        try:
            async for line in lines:
                yield line
        except Exception as error:
            log_bug(request.scope, error)
            yield encode({"detail": Sentence(BUG).render(translator(language_of(request)))}) + b"\n"


async def _content(request: Request) -> bytes:
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


def _query_string(request: Request) -> str:
    return request.scope["query_string"].decode(errors="replace")


def _body(computation: Computation, query: LabQuery, link: str, programs: Programs, language: str) -> bytes:
    found = computation.compute(query.check_problem(None), programs, translator(language))
    return encode(enveloped(found, link), getattr(query, "dtype", "f4"))


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

    @app.exception_handler(GoneError)
    async def gone(_request: Request, _error: GoneError) -> Response:
        return Response(status_code=499)  # nobody will read it

    @app.exception_handler(405)
    async def wrong_method(request: Request, error: HTTPException) -> Response:
        # A path may have a route for each method; Starlette names those of the first.
        allowed = {method for route in app.router.routes for method in _methods(route, request)}
        allowed |= {"HEAD"} if "GET" in allowed else set()
        headers = {"Allow": ", ".join(sorted(allowed)), "Cache-Control": "no-store"}
        return JSONResponse({"detail": error.detail}, status_code=405, headers=headers)


def _methods(route: BaseRoute, request: Request) -> set[str]:
    """Return the methods of a route, if it is one for the path of the request."""
    match, _ = route.matches(request.scope)
    return set() if match is Match.NONE else set(getattr(route, "methods", None) or ())


def refuse(request: Request, status: int, sentence: Sentence) -> Response:
    detail = sentence.render(translator(language_of(request)))
    return JSONResponse({"detail": detail}, status_code=status, headers={"Cache-Control": "no-store"})

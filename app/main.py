"""create_app(): wires it up."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict

import jax
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.labs import LABS
from app.readiness import Readiness, warm
from app.runtime.jobs import Jobs
from app.runtime.programs import Programs
from app.runtime.store import open_store
from app.runtime.streams import Streams
from app.settings import Settings
from app.version import VERSION
from app.web.api import add_computation, add_refusals, add_stream
from app.web.guard import Guard
from app.web.pages import add_pages
from app.web.responses import add_description
from app.web.static import StaticFiles


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the laboratory as an ASGI application."""
    settings = settings or Settings()
    programs = Programs(store=open_store(settings.compilation_cache))
    readiness = Readiness()
    jobs = Jobs(threads=settings.compute_threads, queue=settings.compute_queue)
    # Several devices share each block of a map: one thread keeps them all at work.
    threads = settings.map_threads if jax.local_device_count() == 1 else 1
    streams = Streams(jobs, threads=threads, most_streams=settings.map_queue, most_bytes=settings.map_megabytes * 2**20)
    static = StaticFiles(is_cached=not settings.reload)

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        with warm(LABS, programs, jobs, readiness):
            yield
        streams.close()
        jobs.close()

    app = FastAPI(
        title="Descent Lab",
        version=VERSION,
        summary="Optimization on loss surfaces, step by step",
        docs_url=None,
        redoc_url=None,
        lifespan=life,
        redirect_slashes=False,  # Starlette's redirect goes to the host that the request names
    )
    app.state.programs = programs
    app.state.jobs = jobs
    app.state.streams = streams
    app.add_middleware(Guard)
    add_refusals(app)
    for lab in LABS:
        for computation in lab.computations:
            add_computation(app, computation, programs, jobs)
        for stream in lab.streams:
            add_stream(app, stream, programs, streams)
    add_pages(app, static)
    add_description(app, LABS)

    @app.get("/static/{version}/{path:path}", include_in_schema=False)
    async def file(request: Request) -> Response:
        return await static.respond(request)

    @app.get("/healthz", summary="The port is open")
    async def healthz() -> Response:
        return JSONResponse({"status": "ok", "version": VERSION})

    @app.get("/readyz", summary="The programs of the presets are compiled")
    async def readyz() -> Response:
        return JSONResponse(asdict(readiness), status_code=200 if readiness.is_ready else 503)

    return app

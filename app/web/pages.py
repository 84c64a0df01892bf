"""Pages: home, and one a lab, rendered with everything that is known on the server."""

import functools
import gzip
from pathlib import Path
from typing import Any

import jinja2
import orjson
from fastapi import FastAPI
from latex2mathml.converter import convert
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.labs import LABS
from app.labs.base import Lab
from app.languages import languages, translations
from app.schema.messages import Sentence
from app.schema.page import PageQuery, read_page
from app.stories import STORIES, Story, moments
from app.version import VERSION
from app.web.declarations import declare
from app.web.headers import takes_gzip
from app.web.languages import language_of
from app.web.static import StaticFiles

TEMPLATES = Path(__file__).parents[2] / "templates"


def add_pages(app: FastAPI, static: StaticFiles) -> None:
    """Serve home, every lab's page, and the API's description.

    The endpoints are plain functions, which run in threads: a page takes some 10 ms to render and to compress.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals["mathml"] = mathml
    environment.policies["json.dumps_function"] = _json

    @app.get("/", include_in_schema=False)
    def home(request: Request) -> Response:
        root = request.scope.get("root_path", "")
        stories = [(story, step_link(root, story, 1)) for story in STORIES]
        language = language_of(request)
        apis = {c.name: f"{root}/api/{c.name}" for lab in LABS for c in lab.computations}
        data = {"language": language, "apis": apis, "messages": _messages(language)}
        return _render(environment, static, request, "home.html", language, stories=stories, page=data)

    for lab in LABS:
        app.add_api_route(f"/{lab.slug}", _page(lab, environment, static), include_in_schema=False)
        app.add_api_route(f"/{lab.slug}/", _without_slash(lab), include_in_schema=False)

    @app.get("/docs", include_in_schema=False)
    def docs(request: Request) -> Response:
        return _render(environment, static, request, "docs.html", language_of(request))


def _page(lab: Lab, environment: jinja2.Environment, static: StaticFiles) -> Any:
    def page(request: Request) -> Response:
        notes: list[Sentence] = []
        # An empty address opens the lab's first preset; one with any key is taken as it is.
        link = request.url.query or lab.presets[0].query
        state = read_page(lab.query, link, notes).check_problem(notes)
        language = language_of(request, getattr(state.first, "lang", None))
        translate = translations(language).gettext
        root = request.scope.get("root_path", "")
        data = page_data(lab, state, language, root)
        return _render(
            environment,
            static,
            request,
            f"labs/{lab.slug}.html",
            language,
            lab=lab,
            page=data,
            keys=data["keys"],
            notes=[note.render(translate) for note in notes],
            embed=getattr(state.first, "embed", False),
            hide=getattr(state.first, "hide", ()),
            told=told(root, getattr(state.first, "story", "")),
        )

    return page


def _without_slash(lab: Lab) -> Any:
    async def redirect(request: Request) -> Response:
        # A path, and not an address with a host: the request's own Host header may say anything.
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{request.scope.get('root_path', '')}/{lab.slug}{query}", status_code=308)

    return redirect


def step_link(root: str, story: Story, number: int) -> str:
    """Return the canonical address of a story's step; numbers begin at 1."""
    step = story.steps[number - 1]
    lab = next(lab for lab in LABS if lab.slug == step.lab)
    state = read_page(lab.query, f"{step.query}&story={story.name}@{number}")
    return f"{root}/{lab.slug}?{state.link()}"


def told(root: str, moment: str) -> dict[str, Any] | None:
    """Return what the page says of the moment `story@number`: its step, and the addresses around it."""
    if moment not in moments():
        return None
    story, number = moments()[moment]
    return {
        "story": story,
        "step": story.steps[number - 1],
        "number": number,
        "link": step_link(root, story, number),
        "before": step_link(root, story, number - 1) if number > 1 else None,
        "after": step_link(root, story, number + 1) if number < len(story.steps) else None,
    }


def page_data(lab: Lab, state: PageQuery, language: str, root: str) -> dict[str, Any]:
    """Return the page's one JSON: the declarations, the state as a link, and the words of the scripts."""
    translate = translations(language).gettext
    return {
        "lab": lab.slug,
        "version": VERSION,
        "language": language,
        "surfaceApi": f"{root}/api/{lab.surface}",
        **{f"{computation.name}Api": f"{root}/api/{computation.name}" for computation in lab.computations},
        **{f"{stream.name}Api": f"{root}/api/{stream.name}" for stream in lab.streams},
        "api": f"{root}/api/{lab.computations[0].name}",
        "query": state.link(),
        "keys": _declared(lab, language),
        "presets": [
            {
                "name": preset.name,
                "title": translate(preset.title),
                "lookFor": translate(preset.look_for),
                "query": read_page(lab.query, preset.query).link(),
            }
            for preset in lab.presets
        ],
        "messages": _messages(language),
    }


@functools.cache
def _declared(lab: Lab, language: str) -> list[dict[str, Any]]:
    return declare(lab.query, translations(language).gettext)


@functools.cache
def _messages(language: str) -> dict[str, str]:
    """Return the whole catalogue: scripts look their sentences up in it as Python does."""
    catalogue = getattr(translations(language), "_catalog", {})
    return {source: text for source, text in catalogue.items() if isinstance(source, str) and source}


def _render(
    environment: jinja2.Environment,
    static: StaticFiles,
    request: Request,
    template: str,
    language: str,
    **context: Any,
) -> Response:
    root = request.scope.get("root_path", "")
    page = _speaking(environment, language).get_template(template)
    html = page.render(
        language=language,
        languages=languages(),
        labs=LABS,
        root=root,
        static=functools.partial(static.url, root),
        modules=static.modules,
        **context,
    )
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Language, Accept-Encoding"}
    if not takes_gzip(request):
        return HTMLResponse(html, headers=headers)
    # The formulas of all optimizers and surfaces stand in the page: a tenth of it remains.
    headers["Content-Encoding"] = "gzip"
    return Response(gzip.compress(html.encode(), compresslevel=5, mtime=0), media_type="text/html", headers=headers)


@functools.cache
def _speaking(environment: jinja2.Environment, language: str) -> jinja2.Environment:
    """Return the environment in a language: one each, since every one compiles its templates anew."""
    spoken = environment.overlay()
    spoken.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    return spoken


@functools.cache
def mathml(latex: str) -> Markup:
    """Typeset a formula of ours; MathML needs no script and is read aloud."""
    return Markup(convert(latex))  # noqa: S704, the formulas are the registries' own


def _json(value: Any, **_options: Any) -> str:
    return orjson.dumps(value, default=list).decode()

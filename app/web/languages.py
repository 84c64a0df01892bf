"""Which language a request is answered in."""

import functools
from collections.abc import Callable

from starlette.requests import Request

from app.languages import SOURCE_LANGUAGE, languages, translations
from app.web.headers import preferences


def language_of(request: Request, asked: str | None = None) -> str:
    """Return the language that the link asks for, else the one that the browser prefers among ours."""
    return asked if asked is not None else negotiated(request.headers.get("accept-language", ""), tuple(languages()))


@functools.lru_cache(256)
def negotiated(header: str, known: tuple[str, ...]) -> str:
    """Return the best of the `known` languages; "zh-CN" and "zh-Hans-CN" are served by "zh"."""
    for wanted, weight in preferences(header):
        for candidate in (wanted, wanted.partition("-")[0]):
            if weight > 0 and candidate in known:
                return candidate
    return SOURCE_LANGUAGE


def translator(language: str) -> Callable[[str], str]:
    """Return the gettext function of a language."""
    return translations(language).gettext

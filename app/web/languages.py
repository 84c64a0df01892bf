"""Which language a request is answered in."""

from collections.abc import Callable

from starlette.requests import Request

from app.languages import SOURCE_LANGUAGE, languages, translations


def language_of(request: Request, asked: str | None = None) -> str:
    """Return the language that the link asks for, else the first that the browser accepts and a catalogue speaks."""
    if asked is not None:
        return asked
    known = languages()
    for part in request.headers.get("accept-language", "").split(","):
        # Browsers list languages in order of preference; "zh-CN" is served by "zh".
        code = part.split(";")[0].strip().lower()
        for candidate in (code, code.split("-")[0]):
            if candidate in known:
                return candidate
    return SOURCE_LANGUAGE


def translator(language: str) -> Callable[[str], str]:
    """Return the gettext function of a language."""
    return translations(language).gettext

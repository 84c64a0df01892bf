"""The languages that the pages speak: English, and every catalogue that is compiled in app/locale."""

import functools
import gettext
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"
DOMAIN = "messages"
SOURCE_LANGUAGE = "en"


@functools.cache
def languages() -> dict[str, str]:
    """Return the codes of the languages and what each calls itself."""
    found = {SOURCE_LANGUAGE: "English"}
    for path in sorted(LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")):
        code = path.parent.parent.name
        # Each catalogue translates this one word by its own name.
        found[code] = translations(code).gettext("English")
    return found


@functools.cache
def translations(language: str) -> gettext.NullTranslations:
    """Return the catalogue of a language; the sentences themselves where there is none."""
    return gettext.translation(DOMAIN, LOCALE, [language], fallback=True)

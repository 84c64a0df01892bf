"""Sentences that a person reads, kept as a template and its values until somebody knows the language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def N_(text: str) -> str:  # noqa: N802, gettext's own name
    """Mark `text` for translation where the language is not known yet."""
    return text


@dataclass(frozen=True)
class Sentence:
    """A translatable template with `{named}` places, and what goes into them; a value may be a sentence itself."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def render(self, translate: Callable[[str], str]) -> str:
        """Return the sentence in the language of `translate`, a gettext function."""
        values = {
            name: value.render(translate) if isinstance(value, Sentence) else value
            for name, value in self.values.items()
        }
        return translate(self.template).format(**values)

    def __str__(self) -> str:
        return self.render(str)


class Mistake(ValueError):  # noqa: N818, it is the visitor's, not the program's
    """What a visitor wrote cannot be taken, and the sentence that says so."""

    def __init__(self, template: str, **values: object) -> None:
        self.sentence = Sentence(template, values)
        super().__init__(str(self.sentence))

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


LEFT_OPEN = N_("its default")  # what stands in for a bad value where the default is decided elsewhere


class noting:  # noqa: N801, it reads as a statement; a generator would take five times as long, for every value
    """Turn a mistake into a note that says what was used instead; without a list of notes, let it pass."""

    def __init__(self, notes: list[Sentence] | None, used: str = "") -> None:
        self.notes = notes
        self.used = used

    def __enter__(self) -> None:
        pass

    def __exit__(self, _type: object, mistake: BaseException | None, _traceback: object) -> bool:
        if self.notes is None or not isinstance(mistake, Mistake):
            return False
        template = N_("using {used}: {mistake}") if self.used else N_("left out: {mistake}")
        self.notes.append(Sentence(template, {"mistake": mistake.sentence, "used": self.used}))
        return True

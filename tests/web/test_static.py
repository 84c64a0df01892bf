"""Static files: what a page preloads is what its script imports."""

import re

import pytest

from app.labs import LABS
from app.web.static import STATIC, StaticFiles, undocumented


@pytest.mark.parametrize("slug", [lab.slug for lab in LABS])
def test_a_page_preloads_what_its_script_imports_and_nothing_else(slug):
    entry = f"js/labs/{slug}.js"
    found = StaticFiles().modules(entry)
    texts = [(STATIC / path).read_text() for path in (entry, *found)]
    imported = {name.rpartition("/")[2] for text in texts for name in re.findall(r' from "(\.[^"]+)";', text)}
    assert {path.rpartition("/")[2] for path in found} == imported
    assert not any(path.startswith(("js/labs/", "vendor/")) for path in found)


def test_scripts_are_sent_without_their_documentation_and_nothing_else_is_lost():
    for path in sorted((STATIC / "js").rglob("*.js")):
        written, sent = path.read_text().splitlines(), undocumented(path.read_bytes()).decode().splitlines()
        assert len(written) == len(sent)
        is_documentation = False
        for line, kept in zip(written, sent, strict=True):
            text = line.strip()
            # A block of one line may also stand before an expression, and stays with it.
            is_documentation |= text.startswith("/**") and ("*/" not in text or text.endswith("*/"))
            assert kept == ("" if is_documentation else line)
            is_documentation &= not text.endswith("*/")

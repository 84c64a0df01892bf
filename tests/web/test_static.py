"""Static files: what a page preloads is what its script imports."""

import re

import pytest

from app.labs import LABS
from app.web.static import STATIC, StaticFiles


@pytest.mark.parametrize("slug", [lab.slug for lab in LABS])
def test_a_page_preloads_what_its_script_imports_and_nothing_else(slug):
    entry = f"js/labs/{slug}.js"
    found = StaticFiles().modules(entry)
    texts = [(STATIC / path).read_text() for path in (entry, *found)]
    imported = {name.rpartition("/")[2] for text in texts for name in re.findall(r' from "(\.[^"]+)";', text)}
    assert {path.rpartition("/")[2] for path in found} == imported
    assert not any(path.startswith(("js/labs/", "vendor/")) for path in found)

"""What is said is true: each preset and each step of a story has a check of the answer that it speaks of."""

import pytest

from app.labs import LABS
from tests.claims import descent, stories

TABLES = {"descent": descent.CLAIMS}
PRESETS = {
    f"{lab.slug}-{preset.name}": (lab.slug, preset) for lab in LABS if lab.slug in TABLES for preset in lab.presets
}


@pytest.mark.thorough
@pytest.mark.parametrize("name", PRESETS)
def test_what_a_preset_says_is_what_its_answer_says(name):
    slug, preset = PRESETS[name]
    TABLES[slug][preset.name](preset.query)


@pytest.mark.parametrize("name", ["ellipse-and-circle", "newton"])
def test_the_first_of_them(name):
    preset = PRESETS[f"descent-{name}"][1]
    descent.CLAIMS[name](preset.query)


def test_no_claim_is_about_a_preset_that_is_gone():
    for slug, table in TABLES.items():
        assert set(table) == {preset.name for each, preset in PRESETS.values() if each == slug}


@pytest.mark.thorough
@pytest.mark.parametrize("name", stories.STEPS)
def test_what_a_story_says_is_what_its_answer_says(name):
    step = stories.STEPS[name]
    stories.CLAIMS[name](step.query)


def test_no_claim_is_about_a_step_that_is_gone():
    assert set(stories.CLAIMS) == set(stories.STEPS)

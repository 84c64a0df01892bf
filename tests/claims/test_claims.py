"""What is said is true: each preset and each step of a story has a check of the answer that it speaks of."""

import pytest

from app.labs import LABS
from tests.claims import averages, batches, critical, descent, scaling, search, stories

TABLES = {
    module.__name__.rpartition(".")[2]: module.CLAIMS
    for module in (averages, batches, critical, descent, scaling, search)
}
PRESETS = {f"{lab.slug}-{preset.name}": (lab.slug, preset) for lab in LABS for preset in lab.presets}


@pytest.mark.thorough
@pytest.mark.parametrize("name", PRESETS)
def test_what_a_preset_says_is_what_its_answer_says(name):
    slug, preset = PRESETS[name]
    TABLES[slug][preset.name](preset.query)


@pytest.mark.parametrize("name", ["descent-ellipse-and-circle", "descent-newton", "scaling-leak", "averages-memory"])
def test_some_of_them_in_every_check(name):
    slug, preset = PRESETS[name]
    TABLES[slug][preset.name](preset.query)


def test_every_preset_of_every_lab_has_a_claim_and_every_claim_a_preset():
    claimed = {f"{slug}-{name}" for slug, table in TABLES.items() for name in table}
    assert claimed == set(PRESETS)


@pytest.mark.thorough
@pytest.mark.parametrize("name", stories.STEPS)
def test_what_a_story_says_is_what_its_answer_says(name):
    step = stories.STEPS[name]
    stories.CLAIMS[name](step.query)


def test_every_step_of_every_story_has_a_claim_and_every_claim_a_step():
    assert set(stories.CLAIMS) == set(stories.STEPS)

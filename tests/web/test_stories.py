"""Home and stories: every step is a good link, is told on its page, and says what the numbers say."""

import html
import re

import pytest

from app.labs import LABS
from app.schema.page import read_page
from app.stories import STORIES, moments
from app.web.pages import step_link

pytestmark = pytest.mark.sampled(8)

MOMENTS = list(moments())


def test_there_are_stories_of_several_steps_under_names_of_their_own():
    assert len(STORIES) >= 6
    assert len({story.name for story in STORIES}) == len(STORIES)
    assert all(len(story.steps) >= 3 for story in STORIES)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_step_is_a_good_link_that_its_page_tells(client, moment):
    story, number = moments()[moment]
    link = step_link("", story, number)
    query = next(lab.query for lab in LABS if link.startswith(f"/{lab.slug}?"))
    # Reading raises at a mistake, and the link is printed as it was read: it is canonical.
    assert read_page(query, link.partition("?")[2]).link() == link.partition("?")[2]
    text = html.unescape(client.get(link).text)
    step = story.steps[number - 1]
    assert step.says in text
    assert step.observe in text
    assert f"{number}/{len(story.steps)}" in text
    around = dict(re.findall(r'rel="(prev|next)" href="([^"]*)"', text))
    expected = {"prev": number - 1, "next": number + 1}
    assert around == {rel: step_link("", story, at) for rel, at in expected.items() if 1 <= at <= len(story.steps)}


def test_the_first_chapter_walks_from_the_ellipse_to_one_step(client):
    (story,) = (story for story in STORIES if story.name == "first-chapter")
    found = []
    for step in story.steps:
        race = next(lab for lab in LABS if lab.slug == step.lab).computations[0]
        panels = read_page(race.query, step.query).panels
        answers = [client.get(f"/api/{race.name}?{panel.link()}").json() for panel in panels]
        found.append(
            [(run["outcome"] == "diverged", run["reached_at"]) for answer in answers for run in answer["runs"]]
        )
    # The rows; crawls; zig-zags; diverges; with momentum; before scaling; scaled beside raw; on a circle; in one step.
    assert found == [
        [(False, None)],
        [(False, None)],
        [(False, 60)],
        [(True, None)],
        [(False, 60), (False, 35)],
        [(False, 60)],
        [(False, 60), (False, 17)],
        [(False, 20)],
        [(False, 1)],
    ]


def test_home_shows_every_lab_and_every_story(client):
    text = html.unescape(client.get("/").text)
    for lab in LABS:
        assert f'href="/{lab.slug}"' in text
        assert lab.about in text
        read_page(lab.query, lab.picture.query)  # raises at a mistake
    for story in STORIES:
        assert f'href="{step_link("", story, 1)}"' in text


def test_a_story_that_does_not_exist_is_left_out_and_said(client):
    text = client.get("/descent?story=no-such@1").text
    assert 'id="story"' not in text
    assert "no-such@1" in text


def test_the_api_ignores_the_story(client):
    plain, told = (client.get(f"/api/descent?surface=circle&steps=3{more}") for more in ("", "&story=first-chapter@2"))
    assert plain.content == told.content
    assert plain.headers["etag"] == told.headers["etag"]

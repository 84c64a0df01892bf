"""Home and stories, as a visitor uses them."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from app.stories import STORIES

pytestmark = pytest.mark.browser


def test_home_leads_into_a_story_and_the_story_through_its_steps(page, address):
    page.goto(address)
    page.wait_for_selector("html[data-ready=true]")
    count = len(STORIES[0].steps)
    page.get_by_role("link", name="The first chapter").click()
    page.wait_for_selector("html[data-ready=true]")
    expect(page.locator("#story")).to_contain_text(f"1/{count}")
    page.get_by_role("link", name="Next").click()
    page.wait_for_selector("html[data-ready=true]")
    expect(page.locator("#story")).to_contain_text(f"2/{count}")
    page.keyboard.press("PageDown")
    expect(page.locator("#story")).to_contain_text(f"3/{count}")
    page.go_back()
    expect(page.locator("#story")).to_contain_text(f"2/{count}")
    # Leaving keeps the view and takes the story out of the address.
    page.wait_for_selector("html[data-ready=true]")
    page.locator("#story-close").click()
    expect(page.locator("#story")).to_be_hidden()
    assert "story" not in page.url
    assert "learning_rate=0.05" in page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1366, 630), (390, 844)])
def test_home_has_no_barriers_and_fits(page, address, size, scheme):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    page.goto(address)
    page.wait_for_selector("html[data-ready=true]")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    # Every picture is drawn: some of its pixels differ.
    drawn = page.evaluate(
        """() => [...document.querySelectorAll("canvas")].map((canvas) => {
          const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
          return new Set(new Uint32Array(data.buffer)).size > 5;
        })"""
    )
    assert drawn
    assert all(drawn)

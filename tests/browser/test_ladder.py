"""Slider ladders: where answers are slow to come, a slider is asked for once, and dragged without the network."""

import re
import time

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_descent import query_of, slider

pytestmark = pytest.mark.browser

RACE = "/descent?surface=himmelblau&run=gd&run=adam&learning_rate=0.01&steps=200"
DELAY = 0.1  # seconds
WATCH = """() => {
  globalThis.paints = [];
  addEventListener("painted", ({detail: url}) => paints.push(url));
}"""


def slow(page: Page, asked: list[str]) -> None:
    """Delay every answer of the API, and list what is asked."""

    def later(route: Route) -> None:
        asked.append(route.request.url.partition("/api/")[2])
        time.sleep(DELAY)
        route.continue_()

    page.context.route("**/api/**", later)


def press(page: Page, place, share: float) -> tuple[float, float, float]:
    """Hold the mouse down on a slider, and return where it is."""
    box = place.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + share * box["width"], y)
    page.mouse.down()
    return box["x"], box["width"], y


def test_on_a_slow_network_a_slider_is_asked_for_once_and_dragged_without_it(open_page, page):
    asked: list[str] = []
    slow(page, asked)
    open_page(RACE)
    page.wait_for_timeout(1000)  # until the panel has its worker
    (worker,) = page.workers
    worker.evaluate(WATCH)
    rate = slider(page, "Learning rate")
    with page.expect_response(re.compile("/api/ladder")):
        left, width, y = press(page, rate, 0.3)
    page.wait_for_timeout(500)  # what was asked before it came has been answered
    assert sum(url.startswith("ladder") for url in asked) == 1
    asked.clear()
    worker.evaluate("() => { paints.length = 0; }")
    for move in range(60):
        page.mouse.move(left + width * (0.3 + 0.6 * move / 60), y)
    page.wait_for_timeout(200)
    assert asked == []
    assert worker.evaluate("() => new Set(paints).size") >= 30
    shown = page.get_by_label("Learning rate", exact=False).first.input_value()
    page.mouse.up()
    page.wait_for_function("() => !document.documentElement.dataset.busy")
    # What was seen last is what the link says, and is asked for with all its details.
    assert f"learning_rate={shown}" in query_of(page)
    assert f"learning_rate={shown}" in asked[-1]
    assert asked[-1].startswith("descent")


def test_all_values_at_once_are_a_fan_that_the_link_holds(open_page):
    page = open_page(RACE)
    toggle = page.get_by_role("button", name="Learning rate: all values at once")
    fan, note = page.locator("canvas.fan:visible"), page.locator("#outcome-list .note")
    expect(toggle).to_have_attribute("aria-pressed", "false")
    toggle.click()
    expect(fan).to_have_count(1)
    expect(note).to_have_text("Faint paths: Learning rate η at 64 values from 0.0001 to 10")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    assert "fan=learning_rate" in query_of(page)
    # It follows what else changes.
    page.get_by_label("Surface", exact=True).select_option("beale")
    expect(page.locator(".panel h2")).to_contain_text("Beale")
    expect(fan).to_have_count(1)
    page.go_back()
    expect(fan).to_have_count(1)
    page.go_back()
    expect(fan).to_have_count(0)
    expect(note).to_have_count(0)
    expect(toggle).to_have_attribute("aria-pressed", "false")
    page.go_forward()
    expect(fan).to_have_count(1)
    page.reload()
    expect(fan).to_have_count(1)
    toggle.click()
    expect(fan).to_have_count(0)
    assert "fan" not in query_of(page)

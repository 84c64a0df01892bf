"""Search as a teacher and a student use it, in a real Chromium."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

# A hash of what a canvas shows, to see whether it changes.
SHOWN = "canvas => {let h = 0; for (const b of canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data) h = (h * 31 + b) | 0; return h}"  # fmt: skip  # noqa: E501
PLAIN = "/search?surface=bowl,kappa:25&strategy=log_uniform&seeds=10"


def query_of(page: Page) -> str:
    return page.evaluate("decodeURIComponent(location.search)")


def canvas(page: Page, index: int = 0):
    return page.locator(".map canvas").nth(index)


def click_at(page: Page, x: float, y: float, index: int = 0) -> None:
    """Click at shares of the canvas, its axes included."""
    box = canvas(page, index).bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])


def own(page: Page) -> list[tuple[float, ...]]:
    found = re.search("own=([^&]*)", query_of(page))
    return [tuple(map(float, point.split(":"))) for point in found[1].split(",")] if found else []


def test_an_empty_address_compares_a_grid_with_random_samples(open_page):
    page = open_page("/search")
    expect(page.locator(".map")).to_have_count(2)
    expect(page.locator(".takeaway").nth(0)).to_contain_text("4 values of η, 4 of ε")
    expect(page.locator(".takeaway").nth(1)).to_contain_text("16 values of η, 16 of ε")
    expect(page.locator("#chart-legend li")).to_have_text(["Grid", "Log-uniform random"])
    expect(page.locator(".found")).to_have_count(2)


def test_a_click_places_a_sample_and_the_link_keeps_it(open_page):
    page = open_page(PLAIN)
    expect(page.locator("#own-said")).to_contain_text("Click on the map")
    click_at(page, 0.5, 0.5)
    page.wait_for_function("() => location.search.includes('own=')")
    click_at(page, 0.3, 0.4)
    expect(page.locator("#own-said")).to_contain_text("2 placed; the best is number")
    first, second = own(page)
    assert first[0] > second[0]
    assert first[1] < second[1]
    said, kept = page.locator("#own-said").inner_text(), query_of(page)
    page.reload()
    page.wait_for_selector("html[data-ready=true]")
    expect(page.locator("#own-said")).to_have_text(said)
    assert query_of(page) == kept
    page.get_by_role("button", name="Take back").click()
    expect(page.locator("#own-said")).to_contain_text("1 placed")
    assert own(page) == [first]
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#own-said")).to_contain_text("Click on the map")
    assert own(page) == []


def test_arrow_keys_move_a_cross_hair_and_enter_places(open_page):
    page = open_page(PLAIN)
    canvas(page).focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[data-part=spoken]")).to_contain_text("η = ")
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.search.includes('own=')")
    ((rate, beta),) = own(page)
    # An eighth to the right of the middle of four and a half decades … and of 0 to 0.99.
    assert rate == pytest.approx(10 ** (-4 + 5 * 0.625), rel=0.02)
    assert beta == pytest.approx(0.495, abs=0.003)
    # The time line has not moved with the arrow.
    expect(page.locator("#step-shown")).to_have_text("16 / 16")


def test_the_truth_is_hidden_until_it_is_asked_for(open_page):
    asked = []
    page = open_page("/search?surface=beale&hidden=true")
    page.on("request", lambda request: asked.append(request.url))
    expect(page.locator(".takeaway")).to_contain_text("0 of 16 placed")
    expect(page.locator(".found")).to_be_hidden()
    expect(page.locator("#chart-legend li")).to_have_count(0)
    hidden = canvas(page).evaluate(SHOWN)
    click_at(page, 0.4, 0.4)
    expect(page.locator(".takeaway")).to_contain_text("1 of 16 placed")
    assert not any("search_map" in url for url in asked)
    with page.expect_response(re.compile("search_map")):
        page.get_by_role("button", name="Show the truth").click()
    expect(page.locator(".found")).to_be_visible()
    expect(page.locator("[data-part=legend]")).to_contain_text("diverged")
    assert "hidden" not in query_of(page)
    assert canvas(page).evaluate(SHOWN) != hidden
    page.get_by_role("button", name="Hide the truth").click()
    expect(page.locator(".found")).to_be_hidden()
    assert "hidden=true" in query_of(page)


def test_samples_appear_one_by_one(open_page):
    page = open_page(f"{PLAIN}&at=3&hidden=false")
    expect(page.locator("#step-shown")).to_have_text("3 / 16")
    expect(page.locator("[data-part=legend]")).to_contain_text("diverged")
    before = canvas(page).evaluate(SHOWN)
    page.locator("body").press("ArrowRight")
    expect(page.locator("#step-shown")).to_have_text("4 / 16")
    page.wait_for_function(f"before => ({SHOWN})(document.querySelector('.map canvas')) !== before", arg=before)


def test_another_strategy_beside_this_one_has_the_same_budget(open_page):
    page = open_page(PLAIN)
    page.get_by_label("Compare two panels that differ in").select_option("strategy")
    expect(page.locator(".map")).to_have_count(2)
    expect(page.locator("#step-shown")).to_have_text("16 / 16")
    assert "vs.strategy=" in query_of(page)
    expect(page.locator(".takeaway").nth(1)).to_contain_text("16 values of η")
    click_at(page, 0.5, 0.5, index=1)
    expect(page.locator("#own-said")).to_contain_text("1 placed")
    assert "vs.own" not in query_of(page)


def test_another_optimizer_offers_its_own_numbers_and_forgets_places(open_page):
    page = open_page(f"{PLAIN}&y=beta1&own=0.01:0.5")
    page.locator(".runs summary").click()
    page.locator(".runs select").first.select_option("rmsprop")
    page.wait_for_function("() => location.search.includes('rmsprop')")
    assert own(page) == []
    assert "y=" not in query_of(page).replace("strategy=", "")
    names = page.get_by_label(re.compile("^y-axis")).locator("option").evaluate_all("all => all.map(one => one.value)")
    assert "beta2" in names
    assert "beta1" not in names
    assert "surface.kappa" not in names


@pytest.mark.parametrize("size", [(1366, 630), (390, 844)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_has_no_barriers(open_page, page, size, scheme):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    open_page(f"{PLAIN}&own=0.01:0.5&vs.strategy=grid")
    page.locator(".found summary").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()

"""Maps as a teacher uses them, in a real Chromium."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

BOWL = "/descent?run=momentum&learning_rate=0.05&steps=100"
MAP_MS = 180_000  # a map is a quarter of a million runs, and machines that test have other work
LAPTOP, PHONE = {"width": 1366, "height": 630}, {"width": 390, "height": 844}


def query_of(page: Page) -> str:
    return page.evaluate("decodeURIComponent(location.search)")


def wait_for_map(page: Page, count: int = 1) -> None:
    """Wait until so many maps are complete."""
    # Whatever the steps: in a map of few of them no run may reach the tolerance, and none is the quickest.
    expect(page.locator(".map .takeaway", has_text=" runs: ")).to_have_count(count, timeout=MAP_MS)
    expect(page.locator(".map progress:visible")).to_have_count(0, timeout=MAP_MS)


def place_in(page: Page, across: float, up: float) -> tuple[float, float]:
    """Return the pixel at these shares of the map's sides."""
    left, top, side = page.evaluate(
        """() => {
          const canvas = document.querySelector('.map canvas');
          canvas.scrollIntoView({block: 'center'});
          const box = canvas.getBoundingClientRect();
          return [box.left, box.top, box.width];
        }"""
    )
    return left + 54 + across * (side - 64), top + 14 + (1 - up) * (side - 64)


def test_a_map_is_one_key_away_and_a_click_makes_its_cell_the_run(open_page):
    page = open_page(BOWL)
    page.keyboard.press("m")
    wait_for_map(page)
    assert "map=stability" in query_of(page)
    expect(page.locator(".map h2")).to_have_text("Momentum: η × β₁")
    page.mouse.move(*place_in(page, 0.9, 0.3))
    expect(page.locator(".map .readout")).to_contain_text(re.compile("η .*, β₁ .*: diverged at step"))
    page.mouse.click(*place_in(page, 0.5, 0.5))
    run = re.search(r"run=momentum,learning_rate:([\d.]+),beta1:([\d.]+)", query_of(page))
    assert run is not None
    assert 0.02 < float(run[1]) < 0.05
    assert 0.45 < float(run[2]) < 0.55
    height = re.search("L (.*) above lowest", page.locator(".map .readout").inner_text())
    assert height is not None
    expect(page.locator("#outcome-list")).to_contain_text(height[1])  # the cell was this very run
    page.go_back()
    expect(page).not_to_have_url(re.compile("beta1:"))
    page.keyboard.press("m")
    expect(page.locator(".map")).to_have_count(0)
    assert "map=" not in query_of(page)


def test_a_drag_of_its_own_number_moves_the_ring_and_asks_for_no_other_map(open_page):
    page = open_page(f"{BOWL}&map=stability")
    wait_for_map(page)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/api/map" in request.url else None)
    before = page.locator(".map canvas").screenshot()
    handle = page.get_by_role("slider", name=re.compile("Learning rate")).first
    handle.focus()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    assert page.locator(".map canvas").screenshot() != before
    assert asked == []
    page.get_by_label("Steps", exact=True).first.fill("150")
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    assert len(asked) == 1
    wait_for_map(page)


def test_its_cells_can_be_read_and_chosen_from_the_keyboard(open_page):
    page = open_page(f"{BOWL}&map=stability")
    wait_for_map(page)
    page.locator(".map canvas").focus()
    for key in ("ArrowLeft", "Shift+ArrowUp"):
        page.keyboard.press(key)
    expect(page.locator(".map [data-part=spoken]")).to_contain_text("β₁")
    page.keyboard.press("Enter")
    assert re.search(r"run=momentum,learning_rate:[\d.]+,beta1:[\d.]+", query_of(page))


def test_a_map_can_be_zoomed_and_the_link_restores_it(open_page):
    page = open_page(f"{BOWL}&map=stability,show:steps")
    wait_for_map(page)
    page.locator(".map .stage").hover()
    page.locator(".map [data-part=zoom-in]").click()
    page.wait_for_function("() => location.search.includes('map_view=')")
    view = re.search("map_view=([^&]*)", query_of(page))
    page.reload()
    page.wait_for_selector("html[data-ready=true]")
    wait_for_map(page)
    assert view is not None
    assert view[0] in query_of(page)
    page.locator(".map .stage").hover()
    page.locator(".map [data-part=fit]").click()
    page.wait_for_function("() => !location.search.includes('map_view=')")


def test_sides_are_chosen_among_what_this_run_has(open_page):
    page = open_page(f"{BOWL}&map=stability")
    sides = page.locator('[data-key="map"] select')
    options = sides.nth(2).locator("option").evaluate_all("all => all.map(({value}) => value)")
    assert "surface.kappa" in options
    assert "beta2" not in options
    sides.nth(2).select_option("surface.kappa")
    expect(page.locator(".map h2")).to_have_text("Momentum: η × κ", timeout=30_000)
    assert "map=stability,y:surface.kappa" in query_of(page)


def test_two_optimizers_have_their_basins_side_by_side_and_what_differs(open_page):
    page = open_page(
        "/descent?surface=himmelblau&run=gd,learning_rate:0.01&vs.run=momentum,learning_rate:0.005&steps=80&map=basins"
    )
    wait_for_map(page, 2)
    titles = page.locator(".map h2").all_inner_texts()
    assert [title.split("\n")[-1] for title in titles] == [
        "Gradient descent: where it ends",
        "Momentum: where it ends",
        "Difference",
    ]
    expect(page.locator(".map .map-legend").last).to_contain_text("another end")
    page.mouse.click(*place_in(page, 0.2, 0.8))
    page.wait_for_function("() => /start=-(2.9|3.0)/.test(location.search)")


def test_runs_that_are_not_there_yet_are_told_apart_and_get_more_steps(open_page):
    page = open_page(
        "/descent?surface=himmelblau&run=gd,learning_rate:0.002&vs.run=gd,learning_rate:0.01&steps=40&map=basins"
    )
    first, difference = page.locator(".map").first, page.locator(".map").last
    expect(first.locator(".takeaway")).to_contain_text("are not there yet", timeout=MAP_MS)
    expect(first.locator(".map-legend")).to_contain_text("not there yet")
    expect(difference.locator(".takeaway")).to_contain_text("cells are not there yet")
    more = first.get_by_role("button", name="80 steps")
    expect(more).to_be_visible(timeout=MAP_MS)
    more.click()
    page.wait_for_function("() => /steps=80/.test(location.search)")
    expect(first.get_by_role("button", name="160 steps")).to_be_visible(timeout=MAP_MS)


def test_leaving_a_map_stops_it(open_page, address):
    page = open_page("/descent?surface=rosenbrock&run=adam&steps=381&map=stability")
    page.wait_for_selector(".map progress:not([hidden])")
    with page.expect_event("requestfailed", lambda request: "/api/map" in request.url):
        page.keyboard.press("m")


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_a_page_with_a_map_is_accessible_and_fits(open_page, page, size):
    page.set_viewport_size(size)
    open_page(f"{BOWL}&map=stability")
    wait_for_map(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    violations = Axe().run(page).response["violations"]
    assert [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in violations] == []

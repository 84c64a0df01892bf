"""Critical points as a teacher and a student use it, in a real Chromium."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

HIMMELBLAU = "/critical?surface=himmelblau"


def query_of(page: Page) -> str:
    return page.evaluate("decodeURIComponent(location.search)")


def test_an_empty_address_shows_himmelblau_s_nine(open_page):
    page = open_page("/critical")
    assert query_of(page).startswith("?surface=himmelblau")
    expect(page.locator(".kinds")).to_contain_text("4 minima")
    expect(page.locator(".kinds")).to_contain_text("4 saddles")
    expect(page.locator(".kinds")).to_contain_text("1 maximum")
    expect(page.locator(".says")).to_contain_text("A saddle")


def test_a_click_beside_a_marker_looks_at_exactly_that_point(open_page):
    page = open_page(f"{HIMMELBLAU}&view=0,5,0,5&point=1,1")
    expect(page.locator(".says")).to_contain_text("Not a critical point")
    box = page.locator(".axes .nsewdrag").bounding_box()
    # The minimum (3, 2), missed by a few pixels.
    page.mouse.click(box["x"] + box["width"] * 0.6 + 5, box["y"] + box["height"] * 0.6 - 4)
    expect(page.locator(".says")).to_contain_text("A local minimum")
    assert re.search(r"point=(3|2\.99999\d+|3\.00000\d+),(2|1\.99999\d+|2\.00000\d+)(&|$)", query_of(page))


def test_the_point_is_dragged_and_moved_by_keys(open_page):
    page = open_page(f"{HIMMELBLAU}&point=1,1")
    handle = page.locator(".start-handle")
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for move in range(1, 6):
        page.mouse.move(x + 10 * move, y + 8 * move)
    page.mouse.up()
    page.wait_for_function("() => !location.search.includes('point=1,1')")
    before = query_of(page)
    handle.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("before => decodeURIComponent(location.search) !== before", arg=before)
    expect(handle).to_have_attribute("aria-label", re.compile("Point at x = "))


def test_a_point_is_chosen_from_the_list_and_by_the_key_n(open_page):
    page = open_page(HIMMELBLAU)
    page.get_by_text("All critical points in view: 9").click()
    page.get_by_role("button", name=re.compile(r"^maximum")).click()
    expect(page.locator(".says")).to_contain_text("A local maximum")
    page.locator("body").press("n")
    expect(page.locator(".says")).to_contain_text("A local minimum")


def test_layers_are_drawn_and_hidden_by_buttons_and_keys_and_the_link_keeps_them(open_page):
    page = open_page(f"{HIMMELBLAU}&point=1,1")
    signs = page.get_by_role("button", name="Bowls, domes")
    expect(signs).to_have_attribute("aria-pressed", "false")
    signs.click()
    expect(signs).to_have_attribute("aria-pressed", "true")
    page.locator("body").press("m")
    page.wait_for_function("() => location.search.includes('model=false&signs=true')")
    page.reload()
    page.wait_for_selector("html[data-ready=true]")
    expect(signs).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Model")).to_have_attribute("aria-pressed", "false")


def test_an_escape_says_how_long_it_took_and_how_long_it_should(open_page):
    page = open_page("/critical?surface=saddle&point=0,0&learning_rate=0.1&epsilon=0.000001")
    offset = page.locator(".runs tbody tr").nth(1)
    expect(offset).to_contain_text("76")
    expect(offset).to_contain_text("75.8")
    expect(page.locator(".runs tbody tr").first).to_contain_text("never moves")
    field = page.get_by_role("textbox", name=re.compile("Offset"))
    field.fill("0.0000001")
    field.press("Enter")
    expect(offset).to_contain_text("89")


def test_curves_flat_areas_and_kinks_are_named(open_page):
    page = open_page("/critical?surface=two_weights")
    expect(page.locator(".kinds")).to_contain_text("curves: 2")
    page.get_by_label("Surface", exact=True).select_option("plateau")
    expect(page.locator(".kinds")).to_contain_text("flat areas: 2")
    page.get_by_label("Surface", exact=True).select_option("bukin_6")
    expect(page.locator(".kinds")).to_contain_text("not smooth")


def test_two_panels_compare_and_the_link_restores_them(open_page):
    page = open_page("/critical?surface=saddle_walls&point=0,0&vs.surface=monkey_saddle")
    expect(page.locator("#panels .panel")).to_have_count(2)
    expect(page.locator(".says").first).to_contain_text("A saddle")
    expect(page.locator(".says").last).to_contain_text("Degenerate")
    page.locator("#compare").select_option("")
    expect(page.locator("#panels .panel")).to_have_count(1)
    page.go_back()
    expect(page.locator("#panels .panel")).to_have_count(2)


def test_back_and_forward_undo_and_redo_a_choice_of_surface(open_page):
    page = open_page(HIMMELBLAU)
    page.get_by_label("Surface", exact=True).select_option("monkey_saddle")
    expect(page.locator(".says")).to_contain_text("Degenerate")
    page.go_back()
    expect(page.locator(".kinds")).to_contain_text("4 minima")


def test_the_page_forgives_a_bad_value_and_says_so(open_page):
    page = open_page("/critical?surface=himmelblau&point=here")
    expect(page.locator("#status")).to_contain_text("point must be 2 numbers, x,y")
    expect(page.locator(".kinds")).to_contain_text("4 minima")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(open_page, page, theme):
    page.emulate_media(color_scheme=theme)
    open_page(f"{HIMMELBLAU}&signs=true&escapes=true")
    page.get_by_text("All critical points in view: 9").click()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_phone_shows_figure_point_and_verdict(open_page, page):
    page.set_viewport_size({"width": 390, "height": 844})
    open_page("/critical?surface=two_weights&point=0,0")
    expect(page.locator(".stage")).to_be_in_viewport(ratio=0.9)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.locator(".says")).to_contain_text("A saddle")

"""Averages as a teacher and a student use it, in a real Chromium."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def query_of(page: Page) -> str:
    return page.evaluate("decodeURIComponent(location.search)")


def test_an_empty_address_shows_a_year_and_says_what_beta_means(open_page):
    page = open_page("/averages")
    assert query_of(page) == "?steps=365"
    expect(page.locator(".results tbody tr")).to_have_count(3)
    expect(page.locator(".beta")).to_contain_text("β = 0.9 averages about 1/(1 − β) = 10 steps")
    expect(page.locator(".results")).to_contain_text("Made, not measured")


def test_dragging_beta_changes_window_sentence_and_address_and_the_link_restores_them(open_page):
    page = open_page("/averages?steps=100")
    slider = page.get_by_role("slider", name=re.compile("^Averaging"))
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.34, box["y"] + box["height"] / 2)
    page.mouse.down()
    for share in (0.4, 0.5, 0.6):
        page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
    page.mouse.up()
    page.wait_for_function("() => /beta=0\\.98/.test(location.search)")
    sentence = page.locator(".beta")
    expect(sentence).to_contain_text("β = 0.98")
    said, kept = sentence.inner_text(), query_of(page)
    page.reload()
    page.wait_for_selector("html[data-ready=true]")
    expect(sentence).to_have_text(said)
    assert query_of(page) == kept


def test_at_each_step_the_table_shows_the_averages_of_what_has_been_seen(open_page):
    page = open_page("/averages?series=constant&noise=0&average=ema&average=ema,debias:true&average=mean&at=1")
    values = page.locator(".results tbody td:nth-child(2)")
    # A tenth of 10; corrected, all of it; and the mean of one value.
    expect(values).to_have_text(["1", "10", "10"])
    page.locator("body").press("ArrowRight")
    expect(values).to_have_text(["1.9", "10", "10"])
    page.locator("body").press("Home")
    expect(values).to_have_text(["0", "–", "–"])
    expect(page.locator(".empty")).to_be_visible()


def test_a_click_on_the_series_goes_to_that_step(open_page):
    page = open_page("/averages?steps=100")
    box = page.locator(".series-box canvas").bounding_box()
    # The middle of the canvas is a little before the middle of the axis, which has its numbers at the left.
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    page.wait_for_function("() => /at=4[0-9]/.test(location.search)")


def test_an_average_is_added_looked_at_and_removed(open_page):
    page = open_page("/averages?steps=100")
    page.get_by_label("Add an average").select_option("mean")
    rows = page.locator(".results tbody tr")
    expect(rows).to_have_count(4)
    last = rows.last.get_by_role("button")
    last.click()
    expect(last).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".results")).to_contain_text("It must keep the last 10 values")
    page.get_by_role("button", name="Remove Exponential").first.click()
    expect(rows).to_have_count(3)


def test_two_panels_compare_two_betas(open_page):
    page = open_page("/averages?steps=100&vs.beta=0.5")
    expect(page.locator("#panels .panel")).to_have_count(2)
    expect(page.locator(".beta").first).to_contain_text("= 10 steps")
    expect(page.locator(".beta").last).to_contain_text("= 2 steps")
    page.locator("#compare").select_option("")
    expect(page.locator("#panels .panel")).to_have_count(1)


def test_the_way_into_adam_opens_both_adams_with_this_beta(open_page):
    page = open_page("/averages?beta=0.98")
    page.get_by_role("link", name=re.compile("Adam's first steps")).click()
    page.wait_for_url("**/descent?**")
    page.wait_for_selector("html[data-ready=true]")
    assert "run=adam,beta1:0.98&run=adam,beta1:0.98,debias:false" in query_of(page)
    expect(page.locator("#status")).to_be_hidden()


def test_the_page_forgives_a_bad_value_and_says_so(open_page):
    page = open_page("/averages?beta=2")
    expect(page.locator("#status")).to_contain_text("beta must be between 0 and 0.9999")
    expect(page.locator(".results tbody tr")).to_have_count(3)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(open_page, page, theme):
    page.emulate_media(color_scheme=theme)
    open_page("/averages?steps=100&vs.beta=0.5")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_phone_shows_both_charts_without_scrolling_sideways(open_page, page):
    page.set_viewport_size({"width": 390, "height": 844})
    open_page("/averages")
    expect(page.locator(".series-box canvas")).to_be_in_viewport(ratio=0.9)
    expect(page.locator(".weights-box canvas")).to_be_in_viewport(ratio=0.9)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

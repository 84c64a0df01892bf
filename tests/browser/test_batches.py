"""Batches as a teacher and a student use it, in a real Chromium."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

# A hash of what a canvas shows, to see whether it changes.
SHOWN = "canvas => {let h = 0; for (const b of canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data) h = (h * 31 + b) | 0; return h}"  # fmt: skip  # noqa: E501


def query_of(page: Page) -> str:
    return page.evaluate("decodeURIComponent(location.search)")


def layer(page: Page):
    """The canvas of the batch's own contours: the first of the two above the plot."""
    return page.locator("canvas.overlay").first


def test_an_empty_address_shows_one_row_against_all_rows(open_page):
    page = open_page("/batches")
    expect(page.locator(".results tbody tr")).to_have_count(2)
    expect(page.locator(".results tbody tr").nth(0)).to_contain_text("1,780")
    expect(page.locator(".results tbody tr").nth(1)).to_contain_text("178")
    expect(page.locator("#step-shown")).to_have_text("1780 / 1780")


def test_dragging_the_batch_size_changes_the_updates_and_the_link_restores_it(open_page):
    page = open_page("/batches?learning_rate=0.02")
    expect(page.locator("#step-shown")).to_have_text("120 / 120")
    box = page.get_by_role("slider", name=re.compile("^Batch size")).bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.44, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.2, middle, steps=4)
    page.mouse.move(box["x"] + 1, middle, steps=4)
    page.mouse.up()
    page.wait_for_function("() => /batch=1(&|$)/.test(location.search)")
    expect(page.locator("#step-shown")).to_have_text("1780 / 1780")
    said, kept = page.locator("#outcome-list").inner_text(), query_of(page)
    page.reload()
    page.wait_for_selector("html[data-ready=true]")
    expect(page.locator("#outcome-list")).to_have_text(re.compile(re.escape(said.split("\n")[0])))
    assert query_of(page) == kept


def test_larger_batches_never_ask_for_an_update_that_is_no_more(open_page):
    page = open_page("/batches?learning_rate=0.02&batch=4")
    # The last of 178 rows: two are left.
    expect(page.locator("[data-part=batch]")).to_contain_text("Rows in this batch: 2")
    box = page.get_by_role("slider", name=re.compile("^Batch size")).bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.22, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, middle, steps=8)
    page.mouse.up()
    page.wait_for_function("() => /batch=[0-9]{2}/.test(location.search)")
    (size,) = re.findall("batch=([0-9]+)", query_of(page))
    # The page forgives no refused request.
    expect(page.locator("[data-part=batch]")).to_contain_text(re.compile("Rows in this batch: [0-9]+"))
    expect(page.locator(".results tbody td").first).to_have_text(size)


def test_the_contours_of_each_batch_are_its_own(open_page):
    page = open_page("/batches?learning_rate=0.02&batch=4&at=10")
    sentence = page.locator("[data-part=batch]")
    expect(sentence).to_contain_text("Rows in this batch: 4")
    said, before = sentence.inner_text(), layer(page).evaluate(SHOWN)
    page.locator("body").press("ArrowRight")
    expect(sentence).not_to_have_text(said)
    assert layer(page).evaluate(SHOWN) != before
    page.locator("body").press("ArrowLeft")
    expect(sentence).to_have_text(said)
    assert layer(page).evaluate(SHOWN) == before


def test_playing_lets_the_contours_flicker_and_b_hides_them(open_page):
    page = open_page("/batches?learning_rate=0.02&batch=4&at=0")
    sentence = page.locator("[data-part=batch]")
    expect(sentence).to_contain_text("Rows in this batch")
    said = sentence.inner_text()
    page.locator("body").press(" ")
    expect(sentence).not_to_have_text(said)
    page.locator("body").press(" ")
    page.locator("body").press("b")
    page.wait_for_function("() => /contours=false/.test(location.search)")
    expect(sentence).to_have_text("")
    is_empty = (
        "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.every(v => v === 0)"
    )
    assert layer(page).evaluate(is_empty)


def test_the_loss_is_shown_per_update_or_per_epoch(open_page):
    page = open_page("/batches?learning_rate=0.02&batch=4")
    canvas = page.locator("#loss-canvas")
    expect(page.locator("#loss-note")).to_contain_text("Dots")
    before = canvas.evaluate(SHOWN)
    page.locator("#loss-per").select_option("epoch")
    expect(page.locator("#loss-note")).to_have_text("Of all rows, after every epoch.")
    page.wait_for_function(f"before => ({SHOWN})(document.getElementById('loss-canvas')) !== before", arg=before)


def test_two_panels_compare_two_batch_sizes(open_page):
    page = open_page("/batches?learning_rate=0.02&batch=8&vs.batch=178")
    expect(page.locator(".results")).to_have_count(2)
    expect(page.locator(".results").nth(1)).to_contain_text("178")
    expect(page.locator(".takeaway").nth(1)).to_contain_text("all 178 rows, one update an epoch")


def test_small_batches_end_in_the_flat_valley(open_page):
    page = open_page("/batches?surface=two_valleys&learning_rate=0.09&epochs=40&run=gd,batch:1&run=gd,batch:64")
    expect(page.locator("#outcome-list li")).to_have_count(2)
    expect(page.locator(".results tbody tr").nth(0)).to_contain_text("2,560")


def test_too_many_updates_say_so_and_lose_nothing(open_page, expected_errors):
    expected_errors.append("422")
    page = open_page("/batches?learning_rate=0.02&batch=1&epochs=30")
    said = page.locator("#outcome-list").inner_text()
    field = page.locator("[data-key=epochs] .number-field")
    field.fill("200")
    field.press("Enter")
    expect(page.locator("#status")).to_contain_text("35600 updates; expected at most 20000")
    assert page.locator("#outcome-list").inner_text() == said


@pytest.mark.parametrize("size", [(1366, 630), (390, 844)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_has_no_barriers(open_page, page, size, scheme):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    open_page("/batches?learning_rate=0.02&batch=8&vs.batch=178")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()

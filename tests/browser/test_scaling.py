"""Scaling as a teacher and a student use it, in a real Chromium."""

import random
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

PAIR = "/scaling?learning_rate=0.337&steps=80"
TABLE = "size,age,price\n54,31,210\n38,12,190\n71,44,240\n95,8,430\n60,25,260\n"


def query_of(page: Page) -> str:
    return page.evaluate("decodeURIComponent(location.search)")


def takeaway(page: Page, panel: int = 0):
    return page.locator(".takeaway").nth(panel)


def use_rows(page: Page, text: str) -> None:
    details = page.locator(".own-rows")
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    details.locator("textarea").fill(text)
    page.get_by_role("button", name="Use these rows").click()


def test_dragging_the_morph_turns_the_ellipse_into_a_circle_and_the_link_restores_it(open_page):
    page = open_page("/scaling")
    expect(takeaway(page)).to_have_text("κ = 16.4: reaches the tolerance at step 60, zig-zag")
    slider = page.get_by_role("slider", name=re.compile("^From raw to scaled"))
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 9, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, middle, steps=5)
    # The surface moves with the slider: the canvas draws it, the plot below waits.
    expect(page.locator(".stage")).to_have_class(re.compile("moving"))
    page.mouse.move(box["x"] + box["width"] - 1, middle, steps=5)
    page.mouse.up()
    expect(takeaway(page)).to_have_text("κ = 1.05: reaches the tolerance at step 17, straight")
    expect(page.locator(".stage")).not_to_have_class(re.compile("moving"))
    assert query_of(page) == "?learning_rate=0.337&steps=80"
    page.go_back()
    expect(takeaway(page)).to_have_text("κ = 16.4: reaches the tolerance at step 60, zig-zag")


def test_the_button_morphs_by_itself(open_page):
    page = open_page(f"{PAIR}&morph=0")
    page.get_by_role("button", name="Morph").click()
    page.wait_for_function("() => !/morph/.test(location.search)")
    expect(takeaway(page)).to_have_text("κ = 1.05: reaches the tolerance at step 17, straight")


def test_the_table_of_scalers_says_kappa_and_picks_one(open_page):
    page = open_page(PAIR)
    rows = page.locator(".scalers tbody tr")
    expect(rows.nth(0)).to_contain_text("16.4")
    expect(rows.nth(1)).to_contain_text("1.05")
    rows.nth(2).get_by_role("button").click()
    page.wait_for_function("() => /scaler=minmax/.test(location.search)")
    expect(takeaway(page)).to_contain_text("κ = 1.21")


def test_a_click_on_the_rows_puts_an_outlier_there_that_is_dragged_moved_by_keys_and_taken_out(open_page):
    page = open_page(f"{PAIR}&scaler=none")
    box = page.locator(".rows-box").bounding_box()
    page.mouse.click(box["x"] + box["width"] - 40, box["y"] + 40)
    page.wait_for_function("() => /outlier=/.test(location.search)")
    handle = page.get_by_role("button", name=re.compile("^Outlier at"))
    expect(handle).to_be_visible()
    expect(page.locator(".scalers")).to_contain_text("κ without")
    first = query_of(page)
    handle.hover()
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    page.wait_for_function("before => decodeURIComponent(location.search) !== before", arg=first)
    second = query_of(page)
    handle.press("ArrowRight")
    page.wait_for_function("before => decodeURIComponent(location.search) !== before", arg=second)
    page.reload()
    page.wait_for_selector("html[data-ready=true]")
    expect(handle).to_be_visible()
    handle.press("Delete")
    expect(handle).to_be_hidden()
    assert "outlier" not in query_of(page)


def test_pasted_rows_travel_in_the_link(open_page):
    page = open_page(PAIR)
    use_rows(page, TABLE)
    page.wait_for_function("() => /surface=own&rows=/.test(location.search)")
    expect(page.locator(".summaries")).to_contain_text("size")
    said = takeaway(page).inner_text()
    page.reload()
    page.wait_for_selector("html[data-ready=true]")
    expect(takeaway(page)).to_have_text(said)
    expect(page.locator(".own-rows textarea")).to_have_value(TABLE)
    page.get_by_role("button", name="Back to the bundled rows").click()
    expect(takeaway(page)).to_contain_text("κ = 1.05")


def test_a_column_name_is_shown_as_it_was_written_and_never_a_link(open_page):
    page = open_page(PAIR)
    name = "<a href='//evil.example'>x</a>"
    use_rows(page, f"{name},&lt;b&gt;,$US$\n1,2,3\n4,1,5\n2,7,1\n")
    titles = page.locator(".stage .infolayer .g-xtitle, .stage .infolayer .g-ytitle")
    expect(titles.first).to_contain_text("x<\N{WORD JOINER}/a>")
    expect(titles.last).to_contain_text("&\N{WORD JOINER}lt;b&\N{WORD JOINER}gt;")
    assert page.locator(".stage .infolayer :is(a, tspan)").count() == 0
    assert page.locator("a[href*=evil], a[*|href*=evil]").count() == 0


def test_a_bad_table_says_where_and_loses_nothing(open_page, expected_errors):
    expected_errors.append("422")
    page = open_page(PAIR)
    before, said = query_of(page), takeaway(page).inner_text()
    use_rows(page, "a,b,c\n1,2,3\n4,five,6")
    expect(page.get_by_role("alert")).to_have_text(
        "row 3, column 'b' of the table is 'five'; expected a number such as 3.5 or -1e3"
    )
    assert query_of(page) == before
    expect(takeaway(page)).to_have_text(said)
    expect(page.locator(".own-rows textarea")).to_have_value("a,b,c\n1,2,3\n4,five,6")


def test_a_file_with_many_rows_stays_in_this_window_and_the_page_says_so(open_page, tmp_path, context):
    random.seed(1)
    lines = [f"{random.random() * 100:.6f},{random.random():.6f},{random.random():.6f}" for _ in range(1500)]  # noqa: S311
    file = tmp_path / "rows.csv"
    file.write_text("u,v,w\n" + "\n".join(lines))
    page = open_page(PAIR)
    page.locator(".own-rows summary").click()
    page.locator(".own-rows input[type=file]").set_input_files(file)
    page.wait_for_function("() => /rows=session/.test(location.search)")
    expect(page.locator(".own-rows")).to_contain_text("too many for a link")
    expect(page.locator(".summaries")).to_contain_text("1500")
    page.reload()
    page.wait_for_selector("html[data-ready=true]")
    expect(page.locator(".summaries")).to_contain_text("1500")
    # Another window has no such rows: it says so, and opens with others.
    other = context.new_page()
    other.goto(page.url)
    other.wait_for_selector("html[data-ready=true]")
    expect(other.locator("#status")).to_contain_text("another window keeps")
    expect(other.locator(".summaries")).to_contain_text("178")
    other.close()


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("1,2,3", "one training row"),
        ("1,2,3\n1,4,5\n1,5,1", "x1 is 1 in every training row"),
        ("1,2,3\n2,4,5\n3,6,1", "x1 and x2 are collinear"),
    ],
)
def test_rows_that_decide_too_little_say_so_beside_a_plot(open_page, table, sentence):
    page = open_page(PAIR)
    use_rows(page, table)
    expect(page.locator("#outcome-list")).to_contain_text(sentence)
    expect(page.locator(".stage .contourlayer path").first).to_be_attached()


def test_two_panels_compare_two_scalers_on_the_same_rows(open_page):
    page = open_page(f"{PAIR}&scaler=none&vs.scaler=standardize")
    expect(takeaway(page, 0)).to_have_text("κ = 16.4: reaches the tolerance at step 60, zig-zag")
    expect(takeaway(page, 1)).to_have_text("κ = 1.05: reaches the tolerance at step 17, straight")
    expect(page.locator(".results")).to_have_count(2)


def test_test_rows_and_what_leaks_are_told(open_page):
    page = open_page("/scaling?surface=regression,split:0.4&vs.fit=all")
    expect(page.locator(".results").nth(0)).to_contain_text("knows the training rows only")
    expect(page.locator(".results").nth(1)).to_contain_text("has seen the test rows")
    expect(page.locator(".rows-legend").nth(0)).to_contain_text("test")


@pytest.mark.parametrize("size", [(1366, 630), (390, 844)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_has_no_barriers(open_page, page, size, scheme):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    open_page(f"{PAIR}&outlier=5,14&vs.scaler=minmax")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()

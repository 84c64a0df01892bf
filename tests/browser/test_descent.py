"""Descent as a teacher and a student use it, in a real Chromium."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser

SINGLE = "/descent?surface=bowl,kappa:25&run=gd&run=adam&learning_rate=0.05&steps=60"


def query_of(page: Page) -> str:
    return page.evaluate("decodeURIComponent(location.search)")


def slider(page: Page, name: str):
    return page.get_by_role("slider", name=re.compile(name)).first


def drag(page: Page, place, *, by: tuple[float, float], moves: int = 8) -> None:
    box = place.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for move in range(1, moves + 1):
        page.mouse.move(x + by[0] * move / moves, y + by[1] * move / moves)
    page.mouse.up()


def test_an_empty_address_opens_the_comparison_and_writes_its_link(open_page):
    page = open_page("/descent")
    assert "vs.scaler=standardize" in query_of(page)
    expect(page.locator("#panels .panel")).to_have_count(2)
    expect(page.locator(".takeaway").first).to_contain_text("κ = 16.4")
    expect(page.locator(".takeaway").last).to_contain_text("straight")


def test_both_panels_sliders_and_time_are_visible_on_a_laptop_without_scrolling(open_page, page):
    page.set_viewport_size({"width": 1366, "height": 630})
    open_page("/descent")
    for square in page.locator(".stage .axes").all():
        box = square.bounding_box()
        assert min(box["width"], box["height"]) >= 380
        assert box["y"] + box["height"] <= 630
    for shown in (slider(page, "Learning rate"), slider(page, "Gradient averaging"), page.locator("#scrub")):
        expect(shown).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Play")).to_be_in_viewport(ratio=1)


def test_dragging_the_learning_rate_moves_the_path_and_the_link(open_page):
    page = open_page(SINGLE)
    outcome = page.locator("#outcome-list")
    before = outcome.inner_text()
    slider(page, "Learning rate").focus()
    for _ in range(12):
        page.keyboard.press("ArrowUp")
    expect(outcome).not_to_have_text(before)
    page.wait_for_function("() => !location.search.includes('learning_rate=0.05&')")


def test_a_worker_draws_what_is_dragged_and_the_page_what_is_at_rest(open_page):
    page = open_page(SINGLE)
    drawn = """() => [...document.querySelectorAll(".overlay")].map((drawn) => {
      const copy = Object.assign(document.createElement("canvas"), {width: drawn.width, height: drawn.height});
      const context = copy.getContext("2d");
      context.drawImage(drawn, 0, 0);
      return context.getImageData(0, 0, copy.width, copy.height).data.some(Boolean);
    }).join()"""
    page.wait_for_function(f"async () => ({drawn})() === 'true,false'")
    slider(page, "Learning rate").hover()
    page.mouse.down()
    page.wait_for_function(f"async () => ({drawn})() === 'false,true'")
    page.mouse.up()
    page.wait_for_function(f"async () => ({drawn})() === 'true,false'")


def test_a_link_restores_what_was_seen(open_page, page, address):
    open_page(SINGLE)
    page.get_by_role("button", name="First step").click()
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#step-shown")).to_have_text(re.compile(r"7 / 60"))
    page.wait_for_function("() => location.search.includes('at=7')")
    takeaway = page.locator(".takeaway").inner_text()
    page.reload()
    page.wait_for_selector("html[data-ready=true]")
    expect(page.locator("#step-shown")).to_have_text(re.compile(r"7 / 60"))
    expect(page.locator(".takeaway")).to_have_text(takeaway)


def test_back_and_forward_undo_and_redo_a_finished_change(open_page):
    page = open_page(SINGLE)
    first = query_of(page)
    page.get_by_label("Surface", exact=True).select_option("himmelblau")
    expect(page.locator(".panel h2")).to_contain_text("Himmelblau")
    second = query_of(page)
    assert second != first
    page.go_back()
    expect(page.locator(".panel h2")).not_to_contain_text("Himmelblau")
    assert query_of(page) == first
    page.go_forward()
    expect(page.locator(".panel h2")).to_contain_text("Himmelblau")
    assert query_of(page) == second


def test_time_plays_pauses_and_steps_by_keyboard(open_page):
    page = open_page(SINGLE)
    page.keyboard.press("Home")
    expect(page.locator("#step-shown")).to_have_text(re.compile(r"^0 "))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#step-shown")).to_have_text(re.compile(r"^1 "))
    page.keyboard.press("Space")
    expect(page.locator("#step-shown")).to_have_text(re.compile(r"^([5-9]|\d\d) "))
    page.keyboard.press("Space")
    shown = page.locator("#step-shown").inner_text()
    page.wait_for_timeout(300)  # nothing moves: there is nothing to wait for
    expect(page.locator("#step-shown")).to_have_text(shown)


def test_keys_on_a_slider_are_the_slider_s_and_not_time_s(open_page):
    page = open_page(SINGLE)
    shown = page.locator("#step-shown").inner_text()
    slider(page, "Learning rate").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    expect(page.locator("#step-shown")).to_have_text(shown)
    expect(page.locator("#play")).to_have_attribute("aria-pressed", "false")


def test_the_start_is_dragged_clicked_and_moved_by_keys(open_page):
    page = open_page(SINGLE)
    drag(page, page.locator(".start-handle"), by=(60, -40))
    page.wait_for_function("() => location.search.includes('start=')")
    dragged = query_of(page)
    page.locator(".start-handle").focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_function("(before) => decodeURIComponent(location.search) !== before", arg=dragged)
    moved = query_of(page)
    box = page.locator(".stage .axes").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.6)
    page.wait_for_function("(before) => decodeURIComponent(location.search) !== before", arg=moved)


def test_an_optimizer_is_added_and_removed_and_the_others_keep_their_colours(open_page):
    page = open_page(SINGLE)
    page.get_by_label("Add an optimizer").select_option("rmsprop")
    expect(page.locator(".chips > *")).to_have_count(3)
    assert "run=rmsprop" in query_of(page)
    adam = page.locator(".chips > *", has_text="Adam").locator("svg")
    colour = adam.inner_html()
    page.get_by_role("button", name=re.compile("Remove Gradient descent")).click()
    expect(page.locator(".chips > *")).to_have_count(2)
    assert adam.inner_html() == colour


def test_a_run_is_forked_at_the_step_on_the_screen_and_its_rate_changed_from_there(open_page):
    page = open_page("/descent?surface=himmelblau&run=gd&run=adam,learning_rate:0.1&steps=60&at=20")
    fork = page.get_by_role("button", name="Fork Adam here")
    fork.focus()
    page.keyboard.press("Enter")
    # The keys that follow drag the new run's own rate.
    expect(page.locator(".runs details[open] input[type=range]").first).to_be_focused()
    assert "run=adam,learning_rate:0.1,fork:2@20" in query_of(page)
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    outcomes = page.locator("#outcome-list li")
    expect(outcomes).to_have_count(3)
    expect(outcomes.last).to_contain_text("forked from run 2 at step 20")
    expect(outcomes.last.get_by_role("button")).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("() => /learning_rate:0\\.1\\d+,fork:2@20/.test(decodeURIComponent(location.search))")
    # Its number follows, and the fork goes with its parent.
    page.get_by_role("button", name="Remove Gradient descent").click()
    assert ",fork:1@20" in query_of(page)
    page.get_by_role("button", name="Fork Adam here").first.click()
    expect(page.locator(".runs > li")).to_have_count(3)
    expect(page.get_by_role("button", name="Remove Adam and its forks")).to_be_hidden()


def test_nothing_is_forked_at_the_last_step(open_page):
    page = open_page(SINGLE)
    page.get_by_role("button", name="Fork Adam here").click()
    expect(page.locator("#status-text")).to_contain_text("go back in time, then fork")
    expect(page.locator(".runs > li")).to_have_count(2)


def test_seed_and_noise_are_on_the_page_and_in_the_link_and_time_goes_back_through_noise(open_page):
    page = open_page("/descent?run=gd&noise=gaussian,std:2&steps=40&seed=3")
    page.locator("#inspector summary").click()
    table = page.locator("#inspector-table")
    expect(table).to_contain_text("∇L")

    def at(step):
        expect(page.locator("#step-shown")).to_have_text(f"{step} / 40")
        # The table follows with the next frame.
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return table.inner_text()

    there = [page.keyboard.press("ArrowLeft") or at(step) for step in (39, 38, 37)]
    back = [page.keyboard.press("ArrowRight") or at(step) for step in (38, 39)]
    assert back == there[1::-1]
    page.get_by_label("Seed", exact=True).first.fill("4")
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.search.includes('seed=4')")
    expect(table).not_to_have_text(there[0])
    page.go_back()
    page.wait_for_function("() => location.search.includes('seed=3')")
    expect(table).to_contain_text("∇L")
    page.wait_for_function("(text) => document.getElementById('inspector-table').innerText === text", arg=there[0])


def test_comparison_is_opened_and_closed(open_page):
    page = open_page(SINGLE)
    page.locator("#compare").select_option("clip")
    expect(page.locator("#panels .panel")).to_have_count(2)
    page.locator("#compare").select_option("")
    expect(page.locator("#panels .panel")).to_have_count(1)


def test_a_broken_link_opens_the_page_and_says_what_was_replaced(open_page):
    page = open_page("/descent?surface=everest&run=adam,learning_rate:fast&steps=50")
    status = page.locator("#status")
    expect(status).to_contain_text("unknown surface 'everest'")
    expect(status).to_contain_text("learning_rate must be between")
    assert query_of(page) == "?run=adam&steps=50"


def test_a_start_outside_the_usual_domain_is_allowed_and_said(open_page):
    page = open_page("/descent?surface=bowl&run=gd&start=-80,2")
    expect(page.locator("#outcome-list .note")).to_contain_text("outside the usual domain")
    assert "start=-80,2" in query_of(page)


def test_the_second_panel_may_leave_out_what_the_first_one_sets(open_page):
    page = open_page("/descent?surface=bowl&run=gd&learning_rate=0.03&vs.learning_rate=")
    expect(page.locator("#panels .panel")).to_have_count(2)
    assert query_of(page).endswith("learning_rate=0.03&vs.learning_rate=")
    expect(page.locator('[data-key="learning_rate"] .number-field').last).to_have_value("")


def test_a_number_out_of_range_gets_a_sentence_and_nothing_is_lost(open_page):
    page = open_page(SINGLE)
    before = query_of(page)
    field = page.get_by_role("textbox", name=re.compile("Learning rate")).first
    field.fill("99999")
    field.press("Enter")
    expect(page.locator("#status")).to_contain_text("must be between")
    assert query_of(page) == before


def test_a_lost_server_is_said_in_one_line_and_the_figure_stays(open_page, page, expected_errors):
    expected_errors.append("503 (Service Unavailable)")
    open_page(SINGLE)
    takeaway = page.locator(".takeaway").inner_text()
    page.route("**/api/**", lambda route: route.fulfill(status=503, body="{}"))
    slider(page, "Learning rate").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#status")).to_be_visible()
    assert page.locator(".takeaway").inner_text() == takeaway
    page.unroute("**/api/**")
    expect(page.locator("#status")).to_be_hidden(timeout=15_000)


def test_a_server_that_fails_on_a_question_says_so_once_is_not_asked_again_and_the_figure_stays(
    open_page, page, expected_errors
):
    open_page(SINGLE)
    said = page.locator("#outcome-list").inner_text()
    expected_errors.append("500")
    asked: list[str] = []

    def fail(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=500, body="Internal Server Error")

    page.route("**/api/descent?**", fail)
    slider(page, "Learning rate").press("ArrowUp")
    status = page.locator("#status")
    expect(status).to_contain_text("The server failed on this question (error 500); the last figure stays.")
    expect(status).not_to_have_class(re.compile("lost"))
    page.wait_for_timeout(300)  # a key asks as the slider moves, and once more when it rests
    count = len(asked)
    page.wait_for_timeout(1200)  # a lost server would be asked again after half a second
    assert len(asked) == count
    assert page.locator("#outcome-list").inner_text() == said
    expect(page.locator(".stage .contourlayer path").first).to_be_attached()
    page.unroute("**/api/descent?**")
    slider(page, "Learning rate").press("ArrowUp")
    expect(status).to_be_hidden()
    expect(page.locator("#outcome-list")).not_to_have_text(said)


def test_a_mistake_of_the_page_is_said_in_its_status_line(open_page, page, expected_mistakes):
    open_page(SINGLE)
    expected_mistakes.append("of null")
    answer = """{"surface": null, "runs": null}"""
    page.route("**/api/descent?**", lambda route: route.fulfill(status=200, body=answer))
    slider(page, "Learning rate").press("ArrowUp")
    expect(page.locator("#status")).to_contain_text("This page made a mistake")


def test_the_inspector_shows_the_numbers_of_the_step(open_page):
    page = open_page("/descent?surface=circle&run=gd,learning_rate:0.25&start=4,2&steps=10&at=1")
    page.locator("#inspector summary").click()
    table = page.locator("#inspector-table")
    expect(page.locator("#inspector-formula math")).to_be_visible()
    # On L = ½(x² + y²) or x² + y² the first step shrinks both coordinates by the same factor.
    expect(table).to_contain_text("θ")
    expect(table).to_contain_text("η")


@pytest.mark.parametrize("size", [(1366, 630), (1920, 1080), (390, 844)], ids=["laptop", "projector", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/descent", SINGLE], ids=["comparison", "single"])
def test_every_screen_draws_in_both_themes_and_is_accessible(open_page, page, size, scheme, path):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    open_page(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    results = Axe().run(page)
    serious = [found for found in results.response["violations"] if found["impact"] in ("serious", "critical")]
    assert [(found["id"], found["nodes"][0]["html"][:200]) for found in serious] == []


def test_the_api_page_draws_offline_under_the_strict_policy(page, address):
    wrong = []
    page.on("console", lambda message: message.type == "error" and wrong.append(message.text))
    page.goto(address + "/docs")
    expect(page.get_by_text("Trajectories of up to eight optimizers")).to_be_visible()
    assert wrong == []


def test_the_api_page_shows_no_answer_that_nobody_computed(page, address):
    page.goto(address + "/docs")
    page.get_by_text("Trajectories of up to eight optimizers").click()
    answer = page.locator("tr.response[data-code='200']")
    expect(answer.get_by_role("tab", name="Schema")).to_have_attribute("aria-selected", "true")
    answer.get_by_role("tab", name="Example Value").click()
    expect(answer).to_contain_text("no example available")
    expect(answer).not_to_contain_text("bdata")


def touch(page: Page, kind: str, *points: tuple[float, float]) -> None:
    """Send one event of a touch screen; Playwright's own touch screen has a single finger that only taps."""
    found = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(points)]
    page.touch_events.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": found})  # type: ignore[attr-defined]


@pytest.fixture
def phone(page):
    """A page with a touch screen of a phone's size."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.touch_events = page.context.new_cdp_session(page)
    page.touch_events.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})
    return page


def test_two_fingers_zoom_the_plot_and_not_the_page(open_page, phone):
    open_page(SINGLE)
    box = phone.locator(".stage").bounding_box()
    x, y = box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.5
    touch(phone, "touchStart", (x - 30, y), (x + 30, y))
    for apart in (40, 50, 60):
        touch(phone, "touchMove", (x - apart, y), (x + apart, y))
    touch(phone, "touchEnd")
    phone.wait_for_function("() => location.search.includes('view=')")
    x0, x1, *_ = map(float, query_of(phone).partition("view=")[2].split("&")[0].split(","))
    assert x1 - x0 == pytest.approx(10, rel=0.05)  # half of the domain's 20
    assert "start=" not in query_of(phone)
    assert phone.evaluate("visualViewport.scale") == 1


def test_a_finger_drags_the_start(open_page, phone):
    open_page(SINGLE)
    box = phone.locator(".start-handle").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch(phone, "touchStart", (x, y))
    for move in range(1, 6):
        touch(phone, "touchMove", (x + 12 * move, y + 4 * move))
    touch(phone, "touchEnd")
    phone.wait_for_function("() => location.search.includes('start=')")
    assert phone.evaluate("scrollY") == 0


def test_the_pointer_reads_the_loss_and_nothing_moves(open_page):
    page = open_page("/descent?surface=circle&run=gd&view=-4,4,-4,4")
    stage, readout = page.locator(".stage"), page.locator(".readout")
    before = stage.bounding_box()
    expect(readout).to_be_hidden()
    stage.hover(position={"x": before["width"] * 0.7, "y": before["height"] * 0.3})
    expect(readout).to_have_text(re.compile(r"x [\d.]+, y [\d.]+, L ≈ [\d.]+"))
    assert stage.bounding_box() == before

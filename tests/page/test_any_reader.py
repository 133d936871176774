"""Accessibility of the page: without a mouse, without colour, on a phone, with keys, in print."""

import json
import subprocess
import sys

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from service.app import create_app
from service.auth.key_file import KeyFile
from service.settings import Settings
from tests.browser import listening
from tests.page.conftest import Visit

pytestmark = pytest.mark.browser

VIEWS = ["by-hand", "check", "train", "models", "approximate", "exercises"]
SHOWN = [*VIEWS, "lesson/1/3", "lesson/2/2"]


@pytest.fixture(scope="module")
def audited(browser):
    """A context in which axe may run its script."""
    context = browser.new_context(bypass_csp=True, reduced_motion="reduce")
    yield context
    context.close()


@pytest.mark.parametrize("shown", SHOWN)
def test_axe_finds_nothing(audited, origin, shown):
    visit = Visit(audited.new_page(), origin)
    for width, scheme in [(1280, "light"), (390, "dark")]:
        visit.page.set_viewport_size({"width": width, "height": 900})
        visit.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        if width == 1280:
            visit.open(f"#{shown}")
        visit.settle()
        found = Axe().run(visit.page).response["violations"]
        assert {one["id"]: [node["html"][:120] for node in one["nodes"]] for one in found} == {}
    visit.page.close()
    assert visit.complaints == []


def test_nothing_is_wider_than_a_narrow_phone_and_the_current_view_is_in_sight(open_visit):
    visit = open_visit(width=320, height=700)
    for shown in SHOWN:
        visit.open(f"#{shown}")
        visit.settle()
        assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), shown
        current = visit.page.locator("nav [aria-current]").bounding_box()
        assert current["x"] >= 0
        assert current["x"] + current["width"] <= 320


def test_no_view_is_cut_off_in_the_head(visit):
    visit.open("#by-hand")
    for width in (375, 390, 768, 1280):
        visit.page.set_viewport_size({"width": width, "height": 900})
        for left, right in visit.page.locator("nav a").evaluate_all(
            "links => links.map(e => e.getBoundingClientRect()).map(b => [b.left, b.right])"
        ):
            assert 0 <= left < right <= width


def test_with_reduced_motion_nothing_moves(visit):
    visit.open("#by-hand")
    expect(visit.page.locator(".worked")).to_be_visible()
    visit.settle()
    visit.page.evaluate("document.fonts.ready.then(() => true)")
    first = visit.page.screenshot()
    visit.page.wait_for_timeout(500)
    assert visit.page.screenshot() == first


def test_the_first_visit_runs_forward_once_and_any_key_stops_it(open_visit):
    visit = open_visit(motion="no-preference")
    visit.open()
    current = visit.page.locator(".track [aria-current=step]")
    expect(current).to_have_attribute("aria-label", "the error E")
    visit.page.keyboard.press("ArrowRight")
    expect(current).to_have_attribute("aria-label", "δ of layer 2")


def test_colours_of_the_system_are_taken(open_visit):
    visit = open_visit(media={"forced_colors": "active"})
    visit.open("#by-hand")
    expect(visit.page.locator(".drawing")).to_be_visible()
    strokes = visit.page.evaluate(
        """() => [...new Set(Array.from(
            document.querySelectorAll(".edge"), e => getComputedStyle(e).stroke))]"""
    )
    assert len(strokes) == 1


def test_the_page_works_without_its_fonts(open_visit):
    visit = open_visit()
    visit.expected += ("font/", "ERR_FAILED")
    visit.page.route("**/*.woff2", lambda route: route.abort())
    visit.open("#by-hand")
    expect(visit.page.locator(".worked .answer").first).to_be_visible()
    assert visit.page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').length") == 0
    expect(visit.page.locator("svg.drawing .num:not(.big)").first).to_have_text("−0.1")


def test_with_keys_the_page_asks_for_one_and_keeps_it_in_the_tab(open_visit, tmp_path):
    keys = KeyFile(tmp_path / "keys")
    key = keys.add("Alice")
    settings = Settings(
        database_url=f"sqlite:///{tmp_path}/keys.db", api_keys_file=str(tmp_path / "keys")
    )
    with listening(create_app(settings)) as origin:
        visit = open_visit(at=origin)
        visit.expected += ("401",)
        visit.open("#by-hand")
        page = visit.page
        page.get_by_label("This service asks for an API key").fill(key)
        page.get_by_role("button", name="Use it").click()
        expect(page.locator(".worked .answer").first).to_be_visible()
        visit.settle()
        assert key not in visit.copied(page.get_by_role("button", name="Copy link"))
        assert key not in page.content()
        assert page.evaluate("JSON.stringify(localStorage)").find(key) == -1
        assert key not in " ".join(visit.requests)


@pytest.mark.parametrize("view", ["by-hand", "check", "approximate"])
def test_the_request_runs_as_it_is_shown(visit, view):
    visit.open(f"#{view}")
    page = visit.page
    page.get_by_role("tab", name="answer").click()
    shown = page.get_by_role("tabpanel").text_content()
    first = shown.split(":", 1)[1].strip(" [{\n").split(",")[0].split("]")[0].split("}")[0]
    for language, shell in [("curl", ["bash", "-c"]), ("Python", [sys.executable, "-c"])]:
        page.get_by_role("tab", name=language).click()
        text = page.get_by_role("tabpanel").text_content()
        ran = subprocess.run([*shell, text], check=True, capture_output=True, text=True, timeout=60)
        assert first.strip('"') in ran.stdout.replace("'", '"')


def test_without_a_script_the_drawing_is_there_and_a_way_to_the_api(open_visit):
    visit = open_visit(java_script_enabled=False)
    visit.open()
    expect(visit.page.locator("svg.drawing")).to_be_visible()
    expect(visit.page.get_by_text("The rest of this page needs its script.")).to_be_visible()
    expect(visit.page.locator(".noscript a")).to_have_attribute("href", "docs")


def test_a_notebook_asks_the_same_again(visit, tmp_path):
    visit.open("#by-hand")
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="Notebook").click()
    file = tmp_path / "view.ipynb"
    download.value.save_as(file)
    notebook = json.loads(file.read_text())
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    code = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    ran = subprocess.run(
        [sys.executable, "-c", "\n".join(code)], check=True, capture_output=True, timeout=60
    )
    shown = visit.module("part/by_hand_state.js", "m => m.result.value.backprop.loss")
    assert repr(shown).encode() in ran.stdout


CONTROLS = """() => [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex]")]
  .filter((e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({ visibilityProperty: true })
    && (e.localName === "summary" || !e.closest("details:not([open])")))
  .map((e, k) => { e.dataset.control = k; return e.outerHTML.slice(0, 120); })"""
FOCUSED = """() => {
  const e = document.activeElement;
  if (e === document.body) return null;
  const look = () => [e, ...e.querySelectorAll("*")].slice(0, 20).map((one) => {
    const s = getComputedStyle(one);
    return [s.outline, s.boxShadow, s.stroke, s.strokeWidth, s.fill, s.borderColor].join();
  }).join("; ");
  const focused = look();
  e.blur();
  const seen = look() !== focused;
  e.focus();
  return { control: e.dataset.control, seen, text: e.outerHTML.slice(0, 120) };
}"""


@pytest.mark.parametrize("shown", SHOWN)
def test_every_control_is_reached_by_tab_and_shows_its_focus(visit, shown):
    visit.open(f"#{shown}")
    visit.settle()
    controls = visit.page.evaluate(CONTROLS)
    reached, unseen = set(), []
    for _ in range(len(controls) + 2):
        visit.page.keyboard.press("Tab")
        focused = visit.page.evaluate(FOCUSED)
        if focused is None:
            continue
        reached.add(focused["control"])
        if not focused["seen"]:
            unseen.append(focused["text"])
    assert [text for k, text in enumerate(controls) if str(k) not in reached] == []
    assert unseen == []


LOADED_BY_ITSELF = """async (m, views) => {
  const asked = () => performance.getEntriesByType("resource").map((file) => file.name);
  const isAsked = (view) => asked().some((name) => name.endsWith(`/view/${view}.js`));
  while (!views.every(isAsked)) await new Promise((done) => setTimeout(done, 20));
  await Promise.all(views.map((view) => m.loaders[view]()));
}"""
"""What the page loads when it has nothing else to do; then all of it is there."""


def test_without_a_network_what_has_been_loaded_stays(open_visit):
    visit = open_visit(locale="en-GB")
    visit.expected += ("ERR_INTERNET_DISCONNECTED",)
    visit.open("#by-hand")
    page = visit.page
    expect(page.locator(".worked .answer").first).to_be_visible()
    visit.module("state.js", LOADED_BY_ITSELF, VIEWS[1:])
    page.context.set_offline(True)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".worked .answer").first).to_be_visible()
    drawn = page.locator("svg.drawing .num:not(.big)").all_text_contents()
    visit.module("part/by_hand_state.js", "m => m.set({ x: [7, 2] })")
    expect(page.get_by_text("cannot be reached").first).to_be_visible()
    assert page.locator("svg.drawing .num:not(.big)").all_text_contents() == drawn
    for view in VIEWS[1:]:
        page.locator(f'nav a[href="#{view}"]').click()
        expect(page.locator(f'nav a[href="#{view}"]')).to_have_attribute("aria-current", "page")
        expect(page.locator("main h1").first).to_be_attached()


@pytest.mark.parametrize("shown", VIEWS[1:])
def test_a_view_that_does_not_load_says_so_and_what_is_shown_stays(open_visit, shown):
    visit = open_visit(locale="en-GB")
    visit.expected += ("ERR_FAILED",)
    module = shown.replace("-", "_")
    visit.page.route(f"**/view/{module}.js", lambda route: route.abort())
    visit.open("#by-hand")
    expect(visit.page.locator(".worked .answer").first).to_be_visible()
    visit.page.locator(f'nav a[href="#{shown}"]').click()
    expect(visit.page.get_by_role("status").filter(has_text="could not be loaded")).to_be_visible()
    expect(visit.page.locator(".worked .answer").first).to_be_visible()
    expect(visit.page).to_have_url(f"{visit.origin}/#by-hand")
    other = next(view for view in VIEWS[1:] if view != shown)
    visit.page.locator(f'nav a[href="#{other}"]').click()
    expect(visit.page.locator(f'nav a[href="#{other}"]')).to_have_attribute("aria-current", "page")
    expect(visit.page.get_by_text("could not be loaded")).to_have_count(0)


@pytest.mark.parametrize(
    ("link", "missing", "status", "sentence"),
    [
        ("check/exercise/backprop/2,2,1/7/3", "**/exercises", None, "could not be opened: the"),
        ("check/exercise/backprop/2,2,1/7/3", "**/exercises", 503, "could not be opened: later"),
        ("check/exercise/backprop/2,2,1/7/3", "**/exercises", 422, "could not be read"),
        ("lesson/1/3", "**/lesson/1.json", None, "could not be loaded"),
    ],
)
def test_a_link_is_called_wrong_only_where_it_is(open_visit, link, missing, status, sentence):
    visit = open_visit()
    visit.expected += ("ERR_FAILED", "status of")
    visit.open("#approximate")
    problem = json.dumps({"status": status, "detail": "later"})
    visit.page.route(
        missing,
        lambda route: route.fulfill(status=status, body=problem) if status else route.abort(),
    )
    visit.page.evaluate(f"location.hash = '{link}'")
    expect(visit.page.get_by_role("status").filter(has_text=sentence)).to_be_visible()
    shown = "by-hand" if "be read" in sentence else "approximate"
    current = visit.page.locator(f'nav a[href="#{shown}"]')
    expect(current).to_have_attribute("aria-current", "page")

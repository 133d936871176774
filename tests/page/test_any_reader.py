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
from tests.page.conftest import listening

pytestmark = pytest.mark.browser

VIEWS = ["by-hand", "check", "train", "models", "approximate", "exercises"]
SHOWN = [*VIEWS, "lesson/1/3", "lesson/2/2"]


@pytest.mark.parametrize("shown", SHOWN)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing(open_visit, shown, width, scheme):
    visit = open_visit(width=width, color_scheme=scheme, bypass_csp=True)
    visit.open(f"#{shown}")
    visit.page.wait_for_load_state("networkidle")
    found = Axe().run(visit.page).response["violations"]
    assert {one["id"]: [node["html"][:120] for node in one["nodes"]] for one in found} == {}


@pytest.mark.parametrize("shown", SHOWN)
def test_nothing_is_wider_than_a_narrow_phone(open_visit, shown):
    visit = open_visit(width=320, height=700)
    visit.open(f"#{shown}")
    visit.page.wait_for_load_state("networkidle")
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    current = visit.page.locator("nav [aria-current]").bounding_box()
    assert current["x"] >= 0
    assert current["x"] + current["width"] <= 320


@pytest.mark.parametrize("width", [375, 390, 768, 1280])
def test_no_view_is_cut_off_in_the_head(open_visit, width):
    visit = open_visit(width=width)
    visit.open("#by-hand")
    for link in visit.page.locator("nav a").all():
        box = link.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


def test_with_reduced_motion_nothing_moves(visit):
    visit.open("#by-hand")
    visit.page.wait_for_load_state("networkidle")
    expect(visit.page.locator(".worked")).to_be_visible()
    first = visit.page.screenshot()
    visit.page.wait_for_timeout(500)
    assert visit.page.screenshot() == first


def test_the_first_visit_runs_forward_once_and_any_key_stops_it(open_visit):
    visit = open_visit(reduced_motion="no-preference")
    visit.open()
    current = visit.page.locator(".track [aria-current=step]")
    expect(current).to_have_attribute("aria-label", "the error E")
    visit.page.keyboard.press("ArrowRight")
    expect(current).to_have_attribute("aria-label", "δ of layer 2")


def test_colours_of_the_system_are_taken(open_visit):
    visit = open_visit(forced_colors="active")
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
        expect(page.locator("svg.drawing .num:not(.big)").first).to_have_text("−0.1")
        page.get_by_role("button", name="Copy link").click()
        assert key not in page.evaluate("navigator.clipboard.readText()")
        assert key not in page.content()
        assert page.evaluate("JSON.stringify(localStorage)").find(key) == -1
        assert key not in " ".join(visit.requests)


@pytest.mark.parametrize("view", ["by-hand", "check", "approximate"])
@pytest.mark.parametrize("language", ["curl", "Python"])
def test_the_request_runs_as_it_is_shown(visit, view, language):
    visit.open(f"#{view}")
    page = visit.page
    page.get_by_role("tab", name=language).click()
    text = page.get_by_role("tabpanel").text_content()
    command = ["bash", "-c", text] if language == "curl" else [sys.executable, "-c", text]
    ran = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    page.get_by_role("tab", name="answer").click()
    shown = page.get_by_role("tabpanel").text_content()
    first = shown.split(":", 1)[1].strip(" [{\n").split(",")[0].split("]")[0].split("}")[0]
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
    ran = subprocess.run([sys.executable, "-c", "\n".join(code)], check=True, capture_output=True)
    shown = visit.module("part/by_hand_state.js", "m => m.result.value.backprop.loss")
    assert repr(shown).encode() in ran.stdout

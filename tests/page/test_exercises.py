"""Exercises: the sheet as it prints, its key apart, and the link for students."""

import json
import re
import shutil
import subprocess

import pytest
from playwright.sync_api import expect

from service.endpoints.page import FILES
from tests.acceptance.documents import ROOT

EXAMPLES = ROOT / "openapi" / "examples"

pytestmark = pytest.mark.browser


TEXTS = "[...document.querySelectorAll('.sheet')].map(s => s.shadowRoot?.textContent)"
"""Of a sheet that is there but not yet filled: undefined."""


def sheets(page):
    """The texts of all sheets, once each is filled."""
    filled = f"() => {{ const texts = {TEXTS}; return texts.every(Boolean) && texts; }}"
    return page.wait_for_function(filled).json_value()


def wait_for_sheet(page, condition, argument=None):
    """Wait until the first sheet is filled, and its `text` as the condition on it and `a` says."""
    page.wait_for_function(
        f"a => {{ const [text] = {TEXTS}; return Boolean(text) && {condition}; }}", arg=argument
    )


def test_the_sheet_is_the_services_own_and_has_no_key(visit, client):
    visit.open("#exercises")
    expect(visit.page.locator(".sheet")).to_have_count(1)
    (text,) = sheets(visit.page)
    assert "Exercise: backpropagation in a 2-2-1 network" in text
    assert "Key" not in text
    visit.page.get_by_role("button", name="With key").click()
    wait_for_sheet(visit.page, "text.includes('points')")


def test_another_seed_is_another_sheet_and_the_same_seed_the_same(visit):
    visit.open("#exercises")
    page = visit.page
    expect(page.locator(".sheet")).to_have_count(1)
    first = sheets(page)
    page.get_by_role("button", name="Another").click()
    wait_for_sheet(page, "text !== a", first[0])
    page.get_by_label("seed", exact=True).fill("7")
    page.keyboard.press("Enter")
    wait_for_sheet(page, "text === a", first[0])


def test_each_sheet_prints_on_its_own_page(visit, tmp_path):
    if shutil.which("pdfinfo") is None:
        pytest.skip("there is no pdfinfo on this machine")
    visit.open("#exercises")
    page = visit.page
    page.get_by_label("sheets").fill("3")
    page.keyboard.press("Enter")
    expect(page.locator(".sheet")).to_have_count(3)
    assert len(sheets(page)) == 3
    file = tmp_path / "sheets.pdf"
    page.pdf(path=file, format="A4")
    output = subprocess.run(["pdfinfo", file], check=True, capture_output=True, text=True)
    assert re.search(r"Pages:\s+(\d+)", output.stdout)[1] == "3"


def test_the_key_begins_on_a_page_of_its_own(visit, tmp_path):
    if shutil.which("pdftotext") is None:
        pytest.skip("there is no pdftotext on this machine")
    visit.open("#exercises")
    visit.page.get_by_role("button", name="With key").click()
    wait_for_sheet(visit.page, "text.includes('Key')")
    file = tmp_path / "sheet.pdf"
    visit.page.pdf(path=file, format="A4")
    output = subprocess.run(["pdftotext", file, "-"], check=True, capture_output=True, text=True)
    pages = output.stdout.split("\f")
    assert "Tasks" in pages[0]
    assert "Key" not in pages[0]
    assert "Key" in pages[1]


def test_the_link_for_students_opens_check_without_numbers(visit, open_visit):
    visit.open("#exercises")
    link = visit.page.get_by_label("Link for students").input_value()
    other = open_visit()
    other.page.goto(link)
    expect(other.page.get_by_role("heading", name="Exercise: backpropagation")).to_be_visible()
    expect(other.page.locator(".own-entry.filled")).to_have_count(0)


def test_a_document_is_whole_and_every_class_of_ours_has_a_style(visit, client):
    visit.open("#exercises")
    styles = (FILES / "paper.css").read_text()
    sheet = json.loads((EXAMPLES / "solution.the-sheet.request.json").read_text())
    questions = [
        ("/exercises", {"kind": "backprop", "seed": 3, "key": True}),
        ("/exercises", {"kind": "relu_system", "seed": 3, "key": True}),
        ("/solution", sheet),
    ]
    for address, question in questions:
        answer = client.post(address, json=question, headers={"accept": "text/html"})
        assert answer.status_code == 200, answer.text
        adopted = visit.module(
            "part/sheet.js",
            """(m, a) => {
                const page = new DOMParser().parseFromString(
                    a.replace(/<style>[^]*?<\\/style>| style="[^"]*"/g, ""), "text/html");
                const main = page.querySelector("main");
                const sheet = m.sheetOf(a);
                const styled = [...sheet.querySelectorAll("[class]")];
                const classes = styled.flatMap(e => [...e.classList]);
                return [sheet.textContent === main.textContent, [...new Set(classes)]];
            }""",
            answer.text,
        )
        assert adopted[0]
        ours = {name for name in adopted[1] if name.startswith("nn-")} - {"nn-figure"}
        assert {name for name in ours if not re.search(rf"\.{name}\b", styles)} == set()


def test_nothing_of_a_document_passes_but_what_is_known(visit):
    visit.expected += ("inline event handler",)  # what the policy stops even while it is parsed
    visit.open("#exercises")
    damaged = (
        "<main><h1 onclick='x()'>A</h1><script>document.title = 'bad'</script>"
        "<img src=x onerror='document.title = 1'><a href='javascript:x()'>B</a>"
        "<svg><foreignObject><p>C</p></foreignObject><text>D</text></svg></main>"
    )
    kept = visit.module("part/sheet.js", "(m, a) => m.sheetOf(a).outerHTML", damaged)
    assert kept == ('<div class="paper"><h1>A</h1><a>B</a><svg><text>D</text></svg></div>')

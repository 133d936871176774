"""Check: where the first wrong number is, and no word more than was asked for."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

STATE = "view/check.js"


def verdicts(page):
    return {
        word: page.locator(f".own-entry.{word}").count() for word in ("correct", "follows", "wrong")
    }


def test_the_forgotten_bias_is_found_and_what_follows_from_it_is_not_wrong(visit):
    visit.open("#check")
    page = visit.page
    expect(page.get_by_role("heading", name="The first wrong number")).to_be_visible()
    assert verdicts(page) == {"correct": 6, "follows": 3, "wrong": 2}
    card = page.locator(".side .card").first
    for said in ("0.39", "−0.21", "The bias was not added.", "the sum of unit 1"):
        expect(card).to_contain_text(said)
    expect(card.locator(".answer")).to_have_text("−0.21")


def test_with_no_help_no_expected_number_is_anywhere(visit):
    visit.open("#check")
    page = visit.page
    page.get_by_role("button", name="Only where").click()
    expect(page.get_by_text("should be")).to_have_count(0)
    expect(page.get_by_text("The bias was not added.")).to_have_count(0)
    expect(page.locator(".worked")).to_have_count(0)
    assert "−0.21" not in page.content()
    assert "1.02" not in page.content()


def test_a_column_is_pasted_into_its_first_field(visit):
    visit.open("#check")
    page = visit.page
    page.get_by_role("button", name="Start again").click()
    page.get_by_role("button", name="Empty all fields").click()
    expect(page.get_by_text("Type a number into any box.")).to_be_visible()
    first = page.locator("[data-pointer='/layers/0/s/0']")
    page.evaluate("navigator.clipboard.writeText('-0,1\\n-2,4\\n2,2\\n0,48')")
    first.focus()
    page.keyboard.press("Control+V")
    expect(page.locator(".own-entry.correct")).to_have_count(4)
    expect(first).to_have_value("-0,1")


def test_what_is_no_number_is_said_at_its_field(visit):
    visit.open("#check")
    field = visit.page.locator("[data-pointer='/loss']")
    field.fill("eleven")
    field.blur()
    expect(visit.page.get_by_role("alert")).to_have_text("“eleven” is not a number")
    expect(field).to_have_attribute("aria-invalid", "true")


def test_the_link_of_an_exercise_opens_its_sheet_without_numbers(visit, client):
    visit.open("#check/exercise/backprop/2,2,1/7/3")
    page = visit.page
    expect(page.get_by_role("heading", name="Exercise: backpropagation in a 2-2-1")).to_be_visible()
    expect(page.locator(".own-entry.filled")).to_have_count(0)
    body = {"kind": "backprop", "seed": 7, "sizes": [2, 2, 1], "decimals": 3}
    key = client.post("/exercises", json=body).json()["key"]
    value = key[0]["value"][0]
    page.locator("[data-pointer='/layers/0/s/0']").fill(f"{value:.3f}")
    page.keyboard.press("Enter")
    expect(page.locator(".own-entry.correct")).to_have_count(1)


@pytest.mark.parametrize("width", [320, 390, 820, 1280])
def test_no_mark_covers_a_number_of_the_drawing(open_visit, width):
    visit = open_visit(width=width)
    visit.open("#check")
    expect(visit.page.locator(".overlay .badge").first).to_be_attached()
    covered = visit.page.evaluate(
        """() => [...document.querySelectorAll(".overlay .own-entry.wrong .badge")].map(
            (badge) => [...document.querySelectorAll(".stage svg text")].filter((text) => {
                const [a, b] = [badge.getBoundingClientRect(), text.getBoundingClientRect()];
                const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
                const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
                return text.textContent.trim() && across > 1 && down > 3;
            }).map((text) => text.textContent))"""
    )
    assert covered
    assert not any(covered), covered

"""Lessons: a student without other help passes the first two, and no answer is given away."""

import json
import re

import pytest
from playwright.sync_api import expect

from service.endpoints.page import FILES

pytestmark = pytest.mark.browser

LESSONS = [json.loads(path.read_text()) for path in sorted((FILES / "lesson").glob("*.json"))]


def done(page):
    return page.locator(".prog rect.done").count()


def test_a_student_passes_task_5_with_a_pocket_calculator(visit, client):
    visit.open("#lesson/1/1")
    page = visit.page
    steps = LESSONS[0]["steps"]
    state = steps[0]["state"]
    body = {"network": {"layers": state["layers"]}, "x": state["x"], "y": state["y"]}
    answer = client.post("/backprop", json=body).json()
    for number, step in enumerate(steps, 1):
        expect(page.get_by_text(f"{number} of {len(steps)}")).to_be_visible()
        value = answer
        for part in step["done"]["checked"].split("/"):
            value = value[int(part)] if isinstance(value, list) else value[part]
        field = page.get_by_label("Your own number")
        field.fill(f"{value:.3f}")
        field.press("Enter")
        expect(page.locator("#verdict")).to_contain_text("Right")
        expect(page.locator(".prog rect.done")).to_have_count(number)
        if number < len(steps):
            page.get_by_role("button", name="Next", exact=True).press("Enter")
    page.reload()
    expect(page.locator(".prog rect.done")).to_have_count(len(steps))


def test_the_number_asked_for_is_nowhere_on_the_page(visit):
    visit.open("#lesson/1/3")
    page = visit.page
    expect(page.locator(".hole")).to_be_visible()
    content = page.content()
    for hidden in ("0.4750", "0.08317", "0.9002", "0.4469", "0.1348", "0.009735"):
        assert hidden not in content


def test_a_weight_is_traced_by_keyboard_and_its_paths_add_up(visit):
    visit.open("#lesson/2/1")
    page = visit.page
    weight = page.get_by_role("button", name="weight from x1 to hidden 1")
    weight.focus()
    page.keyboard.press("t")
    expect(page.get_by_role("heading", name="Two paths, five factors each")).to_be_visible()
    expect(page.locator(".prog rect.done")).to_have_count(1)
    products = page.locator(".factors tfoot td:not(.name)").all_text_contents()
    numbers = [float(text.replace("−", "-")) for text in products]
    said = page.locator(".worked.tight .answer").text_content()
    assert round(sum(numbers), 6) == float(said)
    expect(page.get_by_text("its entry in the table")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Backpropagation, step by step")).to_be_visible()


def test_every_step_of_every_lesson_opens(visit):
    visit.open("#lesson/1/1")
    for number, lesson in enumerate(LESSONS, 1):
        for at, step in enumerate(lesson["steps"], 1):
            visit.module("state.js", "(m, a) => m.open(a)", f"#lesson/{number}/{at}")
            expect(visit.page.locator(".prog .small")).to_have_text(
                f"{at} of {len(lesson['steps'])}"
            )
            current = visit.page.locator("nav [aria-current]")
            expect(current).to_have_attribute("href", f"#{step['view']}")


def test_the_titles_are_those_of_the_list(visit):
    visit.open("#lesson/1/1")
    listed = visit.page.locator(".lessons li").all_text_contents()
    assert [re.sub(r"\s+", " ", text).strip() for text in listed] == [
        lesson["title"] for lesson in LESSONS
    ]

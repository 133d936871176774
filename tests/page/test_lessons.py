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


def number(page, label, text):
    """Put another number into the drawing, by keyboard."""
    page.get_by_role("button", name=label).press("Enter")
    page.get_by_role("textbox", name=label).fill(text)
    page.keyboard.press("Enter")


def word(page, label, text):
    """Put something else into a field."""
    page.get_by_label(label, exact=True).fill(text)
    page.keyboard.press("Enter")


def choose_relu(page):
    page.get_by_role("button", name="Network:").click()
    page.get_by_label("σ of layer 1").select_option("relu")


STUDENT = {
    2: [
        lambda page: page.get_by_role("button", name="weight from x1 to hidden 1").press("t"),
        lambda page: expect(page.locator(".factors tfoot td")).to_have_count(3),
        lambda page: page.get_by_role("button", name="weight from x2 to hidden 1").press("t"),
        lambda page: number(page, "weight from hidden 1 to output 1", "0"),
    ],
    3: [
        lambda page: page.get_by_role("button", name="weight from x1 to layer 1 unit 1").press("t"),
        lambda page: number(page, "bias of layer 1 unit 1", "8"),
        choose_relu,
        lambda page: number(page, "bias of layer 1 unit 1", "−3"),
    ],
    4: [
        lambda page: None,
        lambda page: word(page, "seed of the weights", "2"),
        lambda page: word(page, "restarts from other seeds", "8"),
        lambda page: word(page, "units of the hidden layers", "8"),
    ],
    5: [
        lambda page: word(page, "largest error, typed", "0,05"),
        lambda page: page.get_by_role("slider", name="knot 3").press("ArrowRight"),
        lambda page: word(page, "largest error, typed", "0.009"),
        lambda page: word(page, "f (x)", "abs(x)"),
    ],
}
"""What a student does at each step of a lesson; the first lesson has a test of its own."""


@pytest.mark.parametrize("lesson", list(STUDENT))
def test_a_student_passes_a_lesson_by_keyboard(visit, lesson):
    visit.open(f"#lesson/{lesson}/1")
    page = visit.page
    steps = STUDENT[lesson]
    for at, act in enumerate(steps, 1):
        expect(page.locator(".prog .small")).to_have_text(f"{at} of {len(steps)}")
        act(page)
        expect(page.locator(".prog rect.done")).to_have_count(at)
        if at < len(steps):
            page.get_by_role("button", name="Next", exact=True).press("Enter")
    page.reload()
    expect(page.locator(".prog rect.done")).to_have_count(len(steps))


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

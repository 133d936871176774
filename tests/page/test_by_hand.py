"""By hand: the numbers of the drawing are the service's, and nothing is said too early."""

import pytest
from playwright.sync_api import expect

from tests.page.networks import random_network, value_of

pytestmark = pytest.mark.browser

STATE = "part/by_hand_state.js"
SETTLED = """m => m.stale.value === false && m.result.value !== null
  && m.result.value.written.layers === m.byHand.value.layers"""
OVERLAPS = """() => {
  const texts = [...document.querySelectorAll("svg.drawing text")]
    .filter(t => t.textContent.trim());
  const boxes = texts.map(t => t.getBoundingClientRect());
  const found = [];
  for (let i = 0; i < boxes.length; i++)
    for (let j = i + 1; j < boxes.length; j++) {
      const [a, b] = [boxes[i], boxes[j]];
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 3 && down > 7) found.push([texts[i].textContent, texts[j].textContent]);
    }
  return found;
}"""


def show(visit, **state):
    """Put a question, and wait for its answer."""
    visit.module(
        STATE,
        f"""async (m, a) => {{
            m.set(a);
            while (!({SETTLED})(m)) await new Promise((done) => setTimeout(done, 10));
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        }}""",
        state,
    )


def drawn(visit):
    """The numbers in the units: s and x, and what stands below them."""
    return visit.page.evaluate(
        """() => [...document.querySelectorAll("svg.drawing .num:not(.big), svg.drawing .d")]
            .map(t => t.textContent.trim().replace(/^δ\\s*/, "")).filter(Boolean)"""
    )


def expected(answer):
    """The same numbers out of /backprop, in the order of the drawing."""
    for layer in answer["layers"]:
        for s, x, delta in zip(layer["s"], layer["x"], layer["delta"], strict=True):
            yield from (s, x, delta)


def test_the_numbers_of_the_drawing_are_those_of_backprop(visit, client):
    visit.open("#by-hand")
    for seed in range(20):
        question = random_network(seed)
        last = 4 * len(question["layers"]) + 1
        show(visit, **question, loss="squared", step=last, entry=0, trace=None)
        body = {"network": {"layers": question["layers"]}, "x": question["x"], "y": question["y"]}
        answer = client.post("/backprop", json=body | {"loss": "squared"}).json()
        numbers = [value_of(text) for text in drawn(visit)]
        assert numbers == pytest.approx(list(expected(answer)), rel=5e-4, abs=1e-15), seed


def test_every_step_shows_its_own_number_and_none_of_a_later_one(visit, client):
    visit.open("#by-hand")
    page = visit.page
    expect(page.locator(".worked")).to_be_visible()
    page.keyboard.press("Home")
    counts = []
    for step in range(12):
        current = page.locator(".track [aria-current=step]")
        expect(current).to_have_count(1)
        counts.append((current.get_attribute("aria-label"), len(drawn(visit))))
        if step < 11:
            page.keyboard.press("ArrowRight")
            expect(current).not_to_have_attribute("aria-label", counts[-1][0])
    names = [name for name, _ in counts]
    assert names[0] == "x of layer 0"
    assert names[-1] == "new w of layer 1"
    # Three and two units: s and x going up, δ coming back.
    assert [n for _, n in counts] == [0, 3, 6, 8, 10, 10, 12, 12, 15, 15, 15, 15]
    expect(page.locator(".ribbon .next")).to_be_disabled()
    for _ in range(11):
        page.keyboard.press("ArrowLeft")
    expect(page.locator(".track [aria-current=step]")).to_have_attribute("aria-label", names[0])
    assert drawn(visit) == []


def test_the_worked_lines_end_in_the_numbers_of_the_service(visit, client):
    visit.open("#by-hand")
    question = visit.module(STATE, "m => m.byHand.value")
    body = {"network": {"layers": question["layers"]}, "x": question["x"], "y": question["y"]}
    answer = client.post("/backprop", json=body).json()
    for step, unit, wanted in [
        (1, 1, answer["layers"][0]["s"][1]),
        (2, 2, answer["layers"][0]["x"][2]),
        (5, 0, answer["loss"]),
        (6, 1, answer["layers"][1]["delta"][1]),
        (8, 0, answer["layers"][0]["delta"][0]),
        (9, 4, answer["layers"][0]["weights_gradient"][1][1]),
    ]:
        show(visit, step=step, entry=unit)
        said = visit.page.locator(".worked .answer").last
        expect(said).to_have_count(1)
        assert value_of(said.text_content()) == pytest.approx(wanted, rel=5e-4)


def test_a_weight_is_changed_by_keyboard_alone(visit):
    visit.open("#by-hand")
    page = visit.page
    weight = page.get_by_role("button", name="weight from x1 to hidden 1")
    page.locator("[data-pointer='/x/0']").focus()
    for _ in range(60):
        if weight.evaluate("e => e === document.activeElement"):
            break
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    field = page.get_by_role("textbox", name="weight from x1 to hidden 1")
    expect(field).to_be_focused()
    page.keyboard.type("abc")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("“abc” is not a number")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("1e999")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("larger than")
    field.fill("0,5")
    page.keyboard.press("Enter")
    expect(weight).to_have_accessible_name("weight from x1 to hidden 1: 0.5")
    expect(weight).to_be_focused()
    page.locator(".track [aria-current=step]").focus()
    # 0.5·1 − 0.2·2 + 0.2
    expect(page.locator("svg.drawing .num:not(.big)").first).to_have_text("0.3")


def test_a_question_that_is_refused_leaves_the_last_picture_and_says_so(open_visit):
    visit = open_visit()
    visit.expected = ("422",)
    visit.open("#by-hand")
    page = visit.page
    expect(page.locator(".worked .answer")).to_be_visible()
    before = drawn(visit)
    visit.module(STATE, "(m, a) => m.set(a)", {"y": [5, 1], "loss": "binary_cross_entropy"})
    expect(page.get_by_text("The picture is of the last valid input.")).to_be_visible()
    expect(page.locator(".refused")).to_be_visible()
    assert drawn(visit) == before


def test_a_number_of_ones_own_is_judged(visit):
    visit.open("#by-hand")
    show(visit, step=3, entry=0)
    page = visit.page
    page.get_by_label("Your own number").fill("0,39")
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_contain_text("The bias was not added.")
    page.get_by_label("Your own number").fill("-0,21")
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_contain_text("Right, to 2 decimals.")


@pytest.mark.parametrize("width", [1280, 390])
def test_no_number_of_the_drawing_covers_another(open_visit, width):
    visit = open_visit(width=width)
    visit.open("#by-hand")
    for seed in range(30):
        question = random_network(100 + seed, most_units=3 if width < 500 else 4, most_layers=2)
        show(visit, **question, step=4 * len(question["layers"]) + 1, entry=0)
        assert visit.page.evaluate(OVERLAPS) == [], seed


def test_a_large_network_becomes_a_table_for_each_layer(visit):
    visit.open("#by-hand")
    layers = [
        {"weights": [[0.1, 0.2]] * 12, "biases": [0.0] * 12, "activation": "tanh"},
        {"weights": [[0.1] * 12], "biases": [0.5], "activation": "sigmoid"},
    ]
    visit.module(STATE, "(m, a) => m.set(a)", {"layers": layers, "x": [1, 1], "y": [1], "step": 5})
    expect(visit.page.locator(".tables table")).to_have_count(2)
    expect(visit.page.locator(".tables tbody tr")).to_have_count(13)


def test_beside_a_trace_stands_the_mean_of_the_batch(visit, client):
    visit.open("#by-hand")
    page = visit.page
    page.get_by_role("button", name="Network:").click()
    page.get_by_role("button", name="3 classes").click()
    page.get_by_role("button", name="Add a sample").click()
    show(visit, x=[0.5, 2], y=[0, 0, 1])
    expect(page.get_by_role("button", name="Samples:")).to_contain_text("sample 2 of 2")
    show(visit, trace="/network/layers/0/weights/1/0")
    question = visit.module(STATE, "m => m.byHand.value")
    assert question["samples"] == [[[1, -1], [0, 1, 0]], [[0.5, 2], [0, 0, 1]]]
    x, y = zip(*question["samples"], strict=True)
    body = {"network": {"layers": question["layers"]}, "x": x, "y": y, "loss": question["loss"]}
    mean = client.post("/backprop", json=body).json()["layers"][0]["weights_gradient"][1][0]
    said = page.locator(".batchmean")
    expect(said).to_contain_text("Mean of the 2 samples")
    assert value_of(said.locator("mn").last.text_content()) == pytest.approx(mean, rel=5e-4)

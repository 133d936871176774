"""A slow machine or network: what is typed stays, late answers change nothing that is newer."""

import time

import pytest
from playwright.sync_api import expect

from tests.page.conftest import deadline
from tests.page.networks import shown

pytestmark = pytest.mark.browser


class Held:
    """Requests of an address, held back until they are released."""

    def __init__(self, page, address):
        self.page, self.routes, self.is_open = page, [], False
        page.route(address, lambda route: route.continue_() if self.is_open else self._keep(route))

    def _keep(self, route):
        self.routes.append(route)

    def wait(self, count=1):
        """Wait until this many requests are held."""
        end = time.monotonic() + deadline()
        while len(self.routes) < count:
            assert time.monotonic() < end, "the page has not asked"
            self.page.wait_for_timeout(10)

    def release(self):
        """Let them go on, the newest first; later ones are not held."""
        self.is_open = True
        while self.routes:
            route = self.routes.pop()
            if route.request.failure:  # the page no longer wants it
                continue
            with self.page.expect_response(route.request.url):
                route.continue_()


def test_a_number_being_typed_stays_when_an_answer_redraws_the_network(visit):
    visit.open("#lesson/2/4")
    page = visit.page
    visit.settle()
    held = Held(page, "**/backprop")
    label = "weight from hidden 1 to output 1"
    page.get_by_role("button", name="trace weight 12").click()
    held.wait()
    page.get_by_role("button", name=label).press("Enter")
    page.get_by_role("textbox", name=label).fill("0")
    held.release()
    visit.settle()
    expect(page.get_by_role("textbox", name=label)).to_have_value("0")
    page.keyboard.press("Enter")
    expect(page.locator(".prog rect.done")).to_have_count(1)


def test_the_field_over_a_number_takes_the_very_next_keys(visit):
    visit.open("#by-hand")
    visit.settle()
    # Every key at once, between two frames: no timer and no frame of the page comes first.
    value = visit.module(
        "part/by_hand_state.js",
        """async m => {
            const key = (name) => document.activeElement.dispatchEvent(
                new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
            const rendered = () => Promise.resolve().then(() => {});
            const number = document.querySelector(
                '.numeral[data-pointer="/network/layers/0/weights/0/0"], '
                + '.numeral[data-pointer="/layers/0/weights/0/0"]');
            number.focus();
            key("Enter");
            await rendered();
            document.activeElement.value = "0.7";
            document.activeElement.dispatchEvent(new InputEvent("input", { bubbles: true }));
            await rendered();
            key("Enter");
            await rendered();
            return [m.byHand.value.layers[0].weights[0][0], document.activeElement === number];
        }""",
    )
    assert value == [0.7, True]


def test_what_is_typed_right_after_a_change_stays(visit):
    visit.open("#train")
    visit.settle()
    typed = visit.module(
        "view/train.js",
        """async m => {
            const field = document.querySelector('[aria-label="seed of the weights"]');
            m.training.value = { ...m.training.value, seed: 5 };
            await Promise.resolve();
            field.value = "7";
            field.dispatchEvent(new InputEvent("input", { bubbles: true }));
            await new Promise((done) => setTimeout(done, 200));
            return [document.querySelector('[aria-label="seed of the weights"]').value];
        }""",
    )
    assert typed == ["7"]


def test_a_job_that_has_ended_is_not_shown_as_running_again(visit, open_visit):
    visit.open("#models")
    expect(visit.page.get_by_text("Trained, ")).to_be_visible()
    again = open_visit()
    again.open("#models")
    expect(again.page.get_by_text("Trained, ")).to_be_visible()
    again.settle()
    assert not [url for url in again.requests if url.endswith("/events")]


def test_the_newest_trace_is_shown_when_its_answer_comes_first(visit):
    visit.open("#lesson/2/2")
    page = visit.page
    visit.settle()
    held = Held(page, "**/backprop")
    for name in ("weight from x2 to hidden 1", "weight from x1 to hidden 2"):
        page.get_by_role("button", name=name).press("t")
    held.wait()
    held.release()
    expect(page.get_by_role("heading", name="paths, five factors each")).to_be_visible()
    expect(page.get_by_text("its entry in the table")).to_be_visible()


def test_a_knot_moves_by_every_key_also_before_the_answers(visit):
    visit.open("#approximate")
    page = visit.page
    visit.settle()
    knot = page.get_by_role("slider", name="knot 2", exact=True)
    knot.focus()
    before = float(knot.get_attribute("aria-valuenow"))
    held = Held(page, "**/approximate")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    held.wait()
    held.release()
    visit.settle()
    moved = float(knot.get_attribute("aria-valuenow")) - before
    assert moved == pytest.approx(3 * 4 / 400, abs=1e-4)


def test_the_view_asked_for_last_is_shown_whatever_loads_last(visit):
    held = Held(visit.page, "**/lesson/2.json")
    visit.open("#by-hand")
    visit.module("state.js", "m => { m.open('#lesson/2/1'); }")
    held.wait()
    visit.module("state.js", "m => m.open('#check')")
    held.release()
    visit.settle()
    expect(visit.page.locator("nav [aria-current]")).to_have_text("Check")
    expect(visit.page.locator(".lesson")).to_have_count(0)


def test_the_table_of_the_reader_stays_when_the_sample_comes_late(visit):
    page = visit.page
    held = Held(page, "**/datasets?limit=50")
    visit.open("#models")
    held.wait()
    rows = "".join(f"{k},{k % 3},{2 * k}\n" for k in range(30))
    page.get_by_label("Open a CSV").set_input_files(
        {"name": "own.csv", "mimeType": "text/csv", "buffer": ("a,b,y\n" + rows).encode()}
    )
    expect(page.get_by_label("use of y")).to_be_visible()
    held.release()
    visit.settle()
    expect(page.get_by_label("use of y")).to_be_visible()
    assert visit.module("part/table_training.js", "m => m.dataset.value.name") == "own.csv"


def test_the_drawing_does_not_wait_for_the_lines_nor_they_for_older_ones(visit, client):
    visit.open("#by-hand")
    visit.settle()
    page = visit.page
    visit.module("part/by_hand_state.js", "m => m.toStep(1)")
    lines = page.locator(".worked")
    expect(lines).to_contain_text("0.1")
    held = Held(page, "**/solution")
    question = visit.module("part/by_hand_state.js", "m => m.byHand.value")
    for value in (0.7, 0.3):
        visit.module("part/by_hand_state.js", "(m, x) => m.set({ x: [x, 2] })", value)
        body = {"network": {"layers": question["layers"]}, "x": [value, 2], "y": question["y"]}
        s = client.post("/backprop", json=body | {"loss": "squared"}).json()["layers"][0]["s"]
        drawn = page.locator("svg.drawing .num:not(.big)")
        expect(drawn.first).to_have_text(shown(s[0]))
        expect(lines).to_have_class("worked old")
    held.wait(2)
    held.release()
    visit.settle()
    expect(lines).to_have_class("worked")
    expect(lines).to_contain_text("0.3")


def test_that_the_page_waits_is_said_within_a_landmark(visit):
    visit.open("#by-hand")
    visit.settle()
    held = Held(visit.page, "**/backprop")
    visit.module("part/by_hand_state.js", "m => m.set({ x: [0.7, 2] })")
    expect(visit.page.locator("header").get_by_role("progressbar")).to_be_attached()
    held.release()
    visit.settle()
    expect(visit.page.get_by_role("progressbar")).to_have_count(0)

"""Train: what is shown is the job's own history, and every step can be had by hand."""

import re
from contextlib import ExitStack

import httpx
import pytest
from playwright.sync_api import expect

from service.app import create_app
from service.settings import Settings
from tests.browser import listening
from tests.page.networks import value_of

pytestmark = pytest.mark.browser

JOB = "part/training.js"
STATE = "view/train.js"


ENDED = """async (m, iterations) => {
    const ended = () => m.job.value?.state === "succeeded"
        && m.job.value.iterations === m.frames.value.iteration.at(-1)
        && m.asked.value?.body.iterations === (iterations ?? m.asked.value?.body.iterations);
    while (!ended()) await new Promise((done) => setTimeout(done, 20));
    return m.job.value;
}"""


def settled(visit, **state):
    """Ask for a training; wait until it has ended and every frame is there."""
    if state:
        visit.module(STATE, "(m, a) => { m.training.value = { ...m.training.value, ...a } }", state)
    return visit.module(JOB, ENDED, state.get("iterations"))


def test_the_curve_is_the_history_of_the_job(visit, client):
    visit.open("#train")
    job = settled(visit, iterations=60)
    history = client.get(f"/train/{job['id']}/history?points=240").json()
    frames = visit.module(JOB, "m => ({ ...m.frames.value, parameters: null })")
    assert frames["iteration"] == history["iteration"]
    assert frames["loss"] == pytest.approx(history["loss"], rel=1e-9)
    slider = visit.page.get_by_role("slider", name="Iteration")
    slider.focus()
    visit.page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuenow", "0")
    visit.page.keyboard.press("PageUp")
    expect(slider).not_to_have_attribute("aria-valuenow", "0")
    visit.page.keyboard.press("End")
    expect(slider).to_have_attribute("aria-valuenow", "60")
    shown = visit.page.locator(".readout b.five").text_content()
    assert value_of(shown) == pytest.approx(history["loss"][-1], rel=5e-4)


def test_at_rest_it_says_how_many_points_are_right(visit, client):
    visit.open("#train")
    job = settled(visit, iterations=60)
    visit.page.get_by_role("slider", name="Iteration").focus()
    visit.page.keyboard.press("End")
    accuracy = client.get(f"/train/{job['id']}").json()["metrics"]["accuracy"]
    expect(visit.page.locator(".readout b.three")).to_have_text(str(round(200 * accuracy)))
    expect(visit.page.get_by_role("img", name="points are on the right side")).to_be_visible()


def test_a_step_is_worked_out_by_hand(visit, client):
    visit.open("#train")
    job = settled(visit, iterations=40)
    visit.page.get_by_role("slider", name="Iteration").focus()
    visit.page.keyboard.press("End")
    visit.page.get_by_role("button", name="Step 40 by hand").click()
    expect(visit.page.get_by_role("heading", name="Backpropagation, step by step")).to_be_visible()
    step = client.get(f"/train/{job['id']}/steps/40").json()
    state = visit.module("part/by_hand_state.js", "m => m.byHand.value")
    assert state["layers"] == step["network"]["layers"]
    assert (state["x"], state["y"]) == (step["x"][0], step["y"][0])


def test_all_visits_share_the_job_that_the_view_opens_with(visit, open_visit):
    jobs = set()
    for one in (visit, open_visit()):
        one.open("#train")
        jobs.add(settled(one)["id"])
    assert len(jobs) == 1


def test_points_of_ones_own_are_pasted_and_a_ragged_row_is_named(visit):
    visit.open("#train")
    page = visit.page
    page.get_by_role("button", name="Paste CSV").click()
    area = page.get_by_label("Two columns of numbers and one of classes")
    area.fill("a;b;c\n0,5;1;yes\n2;3\n")
    expect(page.get_by_role("alert")).to_contain_text("line 3 has 2 columns")
    area.fill("a;b;c\n0,5;1;yes\n2;3;no\n-1;0,25;no\n")
    expect(page.get_by_text("3 points, classes no, yes.")).to_be_visible()
    page.get_by_role("button", name="Train on it").click()
    settled(visit, iterations=30)
    points = visit.module(STATE, "m => m.training.value.data.points")
    assert points == [[0.5, 1, 1], [2, 3, 0], [-1, 0.25, 0]]
    expect(page.locator(".painted .pt1")).to_have_count(1)
    expect(page.locator(".painted .pt0")).to_have_count(2)


def test_points_are_drawn_and_taken_away(visit):
    visit.open("#train")
    page = visit.page
    page.get_by_role("button", name="Draw").click()
    plane = page.locator(".surface .painted > svg")
    plane.click(position={"x": 120, "y": 100})
    plane.click(position={"x": 300, "y": 200}, modifiers=["Shift"])
    points = visit.module(STATE, "m => m.training.value.data.points")
    assert [c for _, _, c in points] == [1, 0]
    page.get_by_role("button", name="Clear").click()
    assert visit.module(STATE, "m => m.training.value.data.points") == []


def test_data_that_arrive_late_do_not_replace_what_is_drawn(visit):
    held = []
    visit.page.route("**/datasets/moons?samples=200*", lambda route: held.append(route))
    visit.open("#train")
    page = visit.page
    page.get_by_role("button", name="Draw").click()
    plane = page.locator(".surface .painted > svg")
    plane.click(position={"x": 120, "y": 100})
    with page.expect_response("**/datasets/moons?samples=200*"):
        held[0].continue_()
    plane.click(position={"x": 300, "y": 200})
    assert len(visit.module(STATE, "m => m.training.value.data.points")) == 2


def test_a_point_is_dragged_and_keeps_its_class(visit):
    visit.open("#train")
    page = visit.page
    page.get_by_role("button", name="Draw").click()
    box = page.locator(".surface .painted > svg").bounding_box()
    x, y = box["x"], box["y"]
    for place in [(120, 100), (300, 200)]:
        page.mouse.click(x + place[0], y + place[1])
    first = visit.module(STATE, "m => m.training.value.data.points")
    page.mouse.move(x + 120, y + 100)
    page.mouse.down()
    page.mouse.move(x + 160, y + 140, steps=3)
    page.mouse.up()
    moved = visit.module(STATE, "m => m.training.value.data.points")
    assert moved[1] == first[1]
    assert moved[0][0] > first[0][0]
    assert moved[0][1] < first[0][1]
    assert moved[0][2] == first[0][2]


def test_two_columns_are_a_curve_and_the_line_is_the_network(visit, client):
    visit.open("#train")
    page = visit.page
    page.get_by_role("button", name="Paste CSV").click()
    page.get_by_label("or x and y of a curve").fill("x;y\n0;0\n0,5;0,4\n1;1\n2;-1\n")
    expect(page.get_by_text("4 points of a curve.")).to_be_visible()
    page.get_by_role("button", name="Train on it").click()
    job = settled(visit, iterations=30)
    assert (job["training"]["sizes"], job["training"]["loss"]) == ([1, 8, 1], "squared")
    expect(page.locator(".ptc")).to_have_count(4)
    page.get_by_role("slider", name="Iteration").focus()
    page.keyboard.press("End")
    line = page.locator(".drawable, .painted").locator("path.nn")
    expect(line).to_have_attribute("d", re.compile(r"L405\.0 "))
    path = re.findall(r"[ML](\S+) ([^ML]+)", line.get_attribute("d"))
    grid = page.locator(".surface .axis[text-anchor=end]").evaluate_all(
        "ticks => ticks.map(t => [t.textContent, Number(t.getAttribute('y')) - 4])"
    )
    (low, at_low), (high, at_high) = ((value_of(text), y) for text, y in (grid[0], grid[-1]))
    ticks = page.locator(".surface .axis[text-anchor=middle]").evaluate_all(
        "ticks => ticks.map(t => [t.textContent, Number(t.getAttribute('x'))])"
    )
    (left, at_left), (right, at_right) = ((value_of(text), x) for text, x in (ticks[0], ticks[-1]))
    drawn = [
        (
            left + (float(x) - at_left) / (at_right - at_left) * (right - left),
            low + (float(y) - at_low) / (at_high - at_low) * (high - low),
        )
        for x, y in path[:: len(path) // 8]
    ]
    network = client.get(f"/train/{job['id']}/network").json()
    answer = client.post("/forward", json={"network": network, "x": [[x] for x, _ in drawn]})
    outputs = [row[0] for row in answer.json()["output"]]
    assert [y for _, y in drawn] == pytest.approx(outputs, abs=0.02)


def test_a_service_that_comes_back_is_followed_to_the_end(open_visit, tmp_path):
    settings = Settings(database_url=f"sqlite:///{tmp_path}/chainrule.db", workers=1)
    with ExitStack() as service:
        origin = service.enter_context(listening(create_app(settings)))
        visit = open_visit(at=origin)
        visit.expected += ("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED", "ERR_EMPTY", "RESET")
        visit.open("#train")
        visit.module(
            STATE,
            """(m, a) => { m.training.value = { ...m.training.value, ...a } }""",
            {"iterations": 1_000_000},
        )
        offer = visit.page.get_by_role("button", name="Train (about")
        stop = visit.page.get_by_role("button", name="Stop")
        expect(offer.or_(stop).first).to_be_visible()
        if offer.is_visible():
            offer.click()
        visit.module(
            JOB,
            """async m => {
                const begun = () => m.asked.value?.body.iterations === 1000000
                    && m.frames.value.iteration.length > 0;
                while (!begun()) await new Promise((done) => setTimeout(done, 20));
            }""",
        )
        service.close()
        expect(visit.page.get_by_text("Not connected, trying again.")).to_be_visible()
        port = int(origin.rsplit(":", 1)[1])
        service.enter_context(listening(create_app(settings), port))
        expect(visit.page.get_by_text("Not connected, trying again.")).to_have_count(0)
        visit.page.get_by_role("button", name="Stop").click()
        visit.module(
            JOB,
            """async m => {
                while (m.job.value.state !== "cancelled")
                    await new Promise((done) => setTimeout(done, 20));
            }""",
        )
        job = visit.module(JOB, "m => m.job.value")
        with httpx.Client(base_url=origin) as client:
            kept = client.get(f"/train/{job['id']}/frames").json()["iteration"]
        frames = visit.module(
            JOB,
            """async (m, last) => {
                while (m.frames.value.iteration.at(-1) !== last)
                    await new Promise((done) => setTimeout(done, 20));
                return m.frames.value.iteration;
            }""",
            kept[-1],
        )
        assert frames == sorted(set(frames))


def test_a_long_training_is_offered_and_not_begun(visit):
    visit.open("#train")
    settled(visit)
    before = visit.module(JOB, "m => m.job.value.id")
    visit.module(
        STATE,
        "(m, a) => { m.training.value = { ...m.training.value, ...a } }",
        {"iterations": 900_000, "hidden": [64, 64]},
    )
    expect(visit.page.get_by_role("button", name="Train (about")).to_be_visible()
    assert visit.module(JOB, "m => m.job.value.id") == before

"""Train: what is shown is the job's own history, and every step can be had by hand."""

import pytest
from playwright.sync_api import expect

from tests.page.networks import value_of

pytestmark = pytest.mark.browser

JOB = "part/training.js"
STATE = "view/train.js"


def settled(visit, **state):
    """Ask for a training; wait until it has ended and its results are shown."""
    if state:
        visit.module(STATE, "(m, a) => { m.training.value = { ...m.training.value, ...a } }", state)
    for _ in range(400):
        found = visit.module(
            JOB,
            """m => [
                m.job.value?.state,
                m.job.value?.iterations === m.frames.value.iteration.at(-1),
                m.asked.value?.body.iterations,
            ]""",
        )
        if found[:2] == ["succeeded", True] and found[2] == state.get("iterations", found[2]):
            return visit.module(JOB, "m => m.job.value")
        visit.page.wait_for_timeout(100)
    raise AssertionError(f"the training has not ended: {found}")


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

"""Approximate: the smallest network and its proof, by mouse and by keyboard."""

import json
import shutil
import subprocess

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

STATE = "view/approximate.js"


def test_seven_segments_are_enough_and_six_are_not(visit):
    visit.open("#approximate")
    card = visit.page.locator(".side")
    expect(card.locator(".count")).to_have_text("7")
    expect(card).to_contain_text("segments are enough, and 6 are not.")
    expect(card).to_contain_text("proved in ball arithmetic")
    card.get_by_role("button", name="show").click()
    expect(card.locator(".witnesses tbody tr")).to_have_count(19)


def test_the_tolerance_is_a_slider_and_a_number(visit):
    visit.open("#approximate")
    page = visit.page
    slider = page.get_by_role("slider", name="largest error allowed")
    expect(slider).to_have_attribute("aria-valuetext", "0.05")
    typed = page.get_by_label("largest error, typed")
    typed.fill("0,2")
    typed.press("Enter")
    expect(slider).to_have_attribute("aria-valuetext", "0.2")
    expect(page.locator(".count")).not_to_have_text("7")
    slider.focus()
    page.keyboard.press("End")
    expect(slider).to_have_attribute("aria-valuetext", "0.5")


def test_a_knot_is_dragged_by_mouse_and_by_arrows_alike(visit):
    visit.open("#approximate")
    page = visit.page
    knot = page.get_by_role("slider", name="knot 3")
    expect(knot).to_be_visible()

    def knots():
        return visit.module(STATE, "m => m.approximated.value.knots")

    knot.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("knots", exact=True)).to_be_visible()
    by_keyboard = knots()
    visit.module(
        STATE, "m => { m.approximated.value = { ...m.approximated.value, mode: 'tolerance' } }"
    )
    expect(page.locator(".side")).to_contain_text("6 are not")
    box = knot.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y, steps=4)
    page.mouse.up()
    expect(page.get_by_label("knots", exact=True)).to_be_visible()
    by_mouse = knots()
    for moved in (by_keyboard, by_mouse):
        assert len(moved) == 8
        assert moved == sorted(moved)
    start = -0.2264868520305985
    assert by_keyboard[3] > start
    assert by_mouse[3] > start
    assert by_keyboard[:3] + by_keyboard[4:] == by_mouse[:3] + by_mouse[4:]


def test_a_formula_that_is_none_is_underlined_where_it_ends(open_visit):
    visit = open_visit()
    visit.expected = ("422",)
    visit.open("#approximate")
    page = visit.page
    expect(page.locator(".count")).to_have_text("7")
    page.get_by_label("f (x)").fill("sin(3*x")
    expect(page.get_by_role("alert")).to_contain_text("never closed")
    expect(page.locator(".where u")).to_have_text("(")
    expect(page.get_by_text("The picture is of the last valid input.")).to_be_visible()
    expect(page.locator(".count")).to_have_text("7")


def test_the_c_header_compiles_and_is_the_network(visit, client, tmp_path):
    if shutil.which("gcc") is None:
        pytest.skip("there is no gcc on this machine")
    visit.open("#approximate")
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="C header").click()
    header = tmp_path / "approximation.h"
    download.value.save_as(header)
    answer = visit.module(STATE, "m => m.found.value.answer.data")
    name = next(
        line.split("(")[0].split()[-1]
        for line in header.read_text().splitlines()
        if "(double x)" in line
    )
    source = tmp_path / "main.c"
    values = ", ".join(map(repr, answer["grid"]))
    lines = [
        "#include <stdio.h>",
        '#include "approximation.h"',
        f"static const double x[] = {{{values}}};",
        "int main(void) {",
        f"  for (int i = 0; i < {len(answer['grid'])}; i++)",
        f'    printf("%.17g\\n", (double){name}(x[i]));',
        "}",
    ]
    source.write_text("\n".join(lines) + "\n")
    program = tmp_path / "program"
    subprocess.run(["gcc", "-Wall", "-Werror", "-o", program, source, "-lm"], check=True)
    printed = subprocess.run([program], check=True, capture_output=True, text=True)
    assert [float(line) for line in printed.stdout.split()] == pytest.approx(answer["values"])


def test_grids_are_compared(visit):
    visit.open("#approximate")
    visit.page.get_by_role("button", name="Compare grids").click()
    expect(visit.page.locator(".compare path.loss")).to_have_count(5)
    visit.page.get_by_text("Show as a table").click()
    expect(visit.page.locator(".compare tbody tr")).to_have_count(5)


def test_the_sum_is_that_of_the_answer(visit, client):
    visit.open("#approximate")
    expect(visit.page.locator(".sum")).to_contain_text("ReLU")
    question = {"function": "sin(3*x)*exp(-x^2)", "interval": [-2, 2], "tolerance": 0.05}
    answer = client.post("/approximate", json=question).json()
    said = json.loads(json.dumps(visit.module(STATE, "m => m.found.value.answer.data.lambdas")))
    assert said == answer["lambdas"]

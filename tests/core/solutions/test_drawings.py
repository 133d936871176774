"""The network drawn: every number where it belongs, and none on top of another."""

from itertools import combinations, pairwise
from math import dist
from xml.etree import ElementTree

import numpy as np
import pytest
from golden_drawings import page_of
from hand_questions import SHEET, SHEET_X, SHEET_Y, hand_question
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.errors import TooLong
from core.solutions.drawing.diagram import MAX_LAYERS, MAX_UNITS, network_figure
from core.solutions.drawing.layout import UNIT_HEIGHT, layout
from core.solutions.drawing.svg import svg
from core.solutions.drawing.tikz import tikz

SIZES = st.lists(st.integers(1, MAX_UNITS), min_size=2, max_size=4).map(tuple)


def sheet_figure(**more):
    return network_figure(page_of(SHEET, SHEET_X, SHEET_Y), **more)


def parsed(drawing):
    return ElementTree.fromstring(drawing)  # noqa: S314  # we wrote it ourselves


def texts(drawing):
    return [element.text for element in parsed(drawing).iter() if element.text]


def test_figure_1_of_the_sheet_shows_its_numbers():
    shown = texts(svg(sheet_figure(), "Figure 1"))
    for number in ("0.1", "−0.2", "−0.4", "−0.8", "0.6", "0.4", "0.3", "0.5"):
        assert number in shown
    for number in ("−0.1", "0.48", "−2.4", "0.08", "2.2", "0.90", "0.45", "0.74"):
        assert number in shown
    for bias in ("0.2", "−0.4", "0.4", "−0.6", "0.5"):
        assert f"b = {bias}" in shown


def test_without_values_the_units_are_left_for_the_student():
    figure = sheet_figure(values=False)
    assert all(unit.s == unit.x == "" for layer in figure.layers for unit in layer.units)
    assert "0.48" not in texts(svg(figure, "To fill in"))
    assert "0.48" not in tikz(figure)


def test_gradients_stand_beside_their_parameters():
    figure = sheet_figure(gradients=True)
    assert [edge.gradient for edge in figure.layers[1].edges] == [
        *("0.05", "0.01", "0.10"),
        *("−0.02", "0.00", "−0.05"),
    ]
    assert [unit.gradient for unit in figure.layers[1].units] == ["δ = 0.11", "δ = −0.05"]
    assert {"−0.02", "δ = 0.11"} <= set(texts(svg(figure, "Gradients")))
    assert r"\color{slope}$-0.02$" in tikz(figure)


@settings(deadline=None, max_examples=5)
@given(sizes=SIZES, seed=st.integers(0, 99), gradients=st.booleans())
def test_no_two_labels_lie_on_one_another(sizes, seed, gradients):
    asked = hand_question(seed, sizes)
    plan = layout(network_figure(page_of(asked.network, asked.x, asked.y), gradients=gradients))
    assert len(plan.lines) == sum(d_in * d_out for d_in, d_out in pairwise(sizes))
    for one, other in combinations((line.label for line in plan.lines), 2):
        # Digits are nine pixels high: nothing of one label lies on the other.
        gaps = one.points[:, None] - other.points
        assert np.hypot(gaps[..., 0], gaps[..., 1]).min() > 9.0


def test_the_drawing_of_gradients_has_targets_loss_and_a_legend():
    shown = texts(svg(sheet_figure(gradients=True), "Gradients"))
    assert {"y = 0", "y = 1", "E = 0.13"} <= set(shown)
    assert any("∂E/∂w" in text for text in shown)
    assert r"$\partial E/\partial w,$" in tikz(sheet_figure(gradients=True))
    plain = texts(svg(sheet_figure(values=False), "To fill in"))
    assert "y = 1" in plain
    assert not any("E =" in text or "∂E" in text for text in plain)


def touches(label, segment):
    """Whether a segment meets the text: the label without the air around it."""
    turn = np.radians(label.angle)
    axes = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    start, end = (axes @ (np.array(point) - (label.x, label.y)) for point in segment)
    room = np.array([label.width, label.height]) / 2 - 2.0
    along = np.linspace(0.0, 1.0, 2000)[:, None]
    return bool((np.abs(start + along * (end - start)) < room).all(axis=1).any())


@settings(deadline=None, max_examples=5)
@given(sizes=SIZES, seed=st.integers(0, 99), gradients=st.booleans())
@example(sizes=(1, 5, 5, 6), seed=15, gradients=True)
@example(sizes=(5, 6), seed=918, gradients=True)
def test_no_label_covers_an_edge(sizes, seed, gradients):
    asked = hand_question(seed, sizes)
    plan = layout(network_figure(page_of(asked.network, asked.x, asked.y), gradients=gradients))
    for line in plan.lines:
        for stroke in (stroke for one in plan.lines for stroke in one.strokes):
            assert not touches(line.label, stroke)


@settings(deadline=None, max_examples=5)
@given(sizes=SIZES, seed=st.integers(0, 99), gradients=st.booleans())
def test_everything_stays_on_the_paper_and_every_label_on_its_edge(sizes, seed, gradients):
    asked = hand_question(seed, sizes)
    plan = layout(network_figure(page_of(asked.network, asked.x, asked.y), gradients=gradients))
    for box in (box for boxes in plan.columns for box in boxes):
        assert 0 < box.x - box.width / 2 < box.x + box.width / 2 < plan.width
        assert 0 < box.y - UNIT_HEIGHT / 2 < box.y + UNIT_HEIGHT / 2 < plan.height
    for line in plan.lines:
        middle = (line.label.x, line.label.y)
        detour = dist(line.start, middle) + dist(middle, line.end) - dist(line.start, line.end)
        assert detour == pytest.approx(0.0, abs=1e-9)


def test_a_drawing_says_the_same_twice():
    assert svg(sheet_figure(), "Once") == svg(sheet_figure(), "Once")
    assert tikz(sheet_figure()) == tikz(sheet_figure())


def test_a_title_cannot_break_out_of_the_drawing():
    drawing = svg(sheet_figure(), "<script>&")
    assert parsed(drawing)[0].text == "<script>&"


@pytest.mark.parametrize("sizes", [(2, MAX_UNITS + 1), (1,) * (MAX_LAYERS + 2)])
def test_a_network_too_large_to_be_read_is_not_drawn(sizes):
    asked = hand_question(0, sizes)
    with pytest.raises(TooLong, match=str(max(sizes))):
        network_figure(page_of(asked.network, asked.x, np.zeros_like(asked.y)))

"""Worked solutions: the sheet's digits, the order of the derivation, and what is too long."""

import numpy as np
import pytest
from hand_questions import QUESTIONS, SHEET, SHEET_X, SHEET_Y, hand_question
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.errors import NotFinite, OutOfDomain, TooLong
from core.nn.losses import BINARY_CROSS_ENTROPY, SQUARED
from core.solutions.length_limits import MAX_NUMBERS, count_numbers, require_page_length
from core.solutions.network_solution import backprop_solution, forward_solution
from core.solutions.notation.tree import Number
from core.solutions.relu_solution import MAX_POINTS, relu_solution
from core.solutions.rounding import Rounding, as_floats
from core.solutions.step import Reference, Step


def sheet(digits=2, **more):
    return backprop_solution(SHEET.layers, SHEET_X, SHEET_Y, SQUARED, Rounding(digits), **more)


def step(document, path):
    return next(one for one in document.steps if one.id == path)


@pytest.mark.parametrize(
    ("path", "digits", "printed"),
    [
        ("layers/0/s", 2, ["-0.1", "-2.4", "2.2"]),
        ("layers/0/x", 2, ["0.48", "0.08", "0.90"]),
        ("layers/1/x", 2, ["0.45", "0.74"]),
        ("layers/1/x_gradient", 2, ["0.45", "-0.26"]),
        ("layers/1/slope", 2, ["0.25", "0.19"]),
        ("layers/1/weights_gradient", 2, ["0.05", "0.01", "0.10", "-0.02", "0.00", "-0.05"]),
        ("layers/1/biases_gradient", 2, ["0.11", "-0.05"]),
        (
            "layers/0/weights_gradient",
            3,
            ["0.010", "0.019", "0.001", "0.001", "0.000", "-0.001"],
        ),
        ("layers/0/biases_gradient", 3, ["0.010", "0.001", "0.000"]),
    ],
)
def test_the_sheets_solution_comes_out_with_every_printed_digit(path, digits, printed):
    shown = step(sheet(digits), path).shown
    assert [entry.text for line in shown.rows for entry in line] == printed


def test_the_steps_follow_the_derivation_from_the_output_down():
    assert [one.id for one in sheet(eta=0.5).steps] == [
        *("layers/0/s", "layers/0/x", "layers/1/s", "layers/1/x", "loss"),
        *("layers/1/x_gradient", "layers/1/slope", "layers/1/delta"),
        *("layers/1/weights_gradient", "layers/1/biases_gradient"),
        *("layers/0/x_gradient", "layers/0/slope", "layers/0/delta"),
        *("layers/0/weights_gradient", "layers/0/biases_gradient"),
        *("layers/0/updated_weights", "layers/0/updated_biases"),
        *("layers/1/updated_weights", "layers/1/updated_biases"),
    ]


def test_each_reused_factor_names_the_earlier_step_that_computed_it():
    document = sheet()
    numbers = {one.id: document.number(one) for one in document.steps}
    reused = {
        one.id: document.referred(item)
        for one in document.steps
        for item in one.note
        if isinstance(item, Reference)
    }
    assert reused == {
        "layers/1/weights_gradient": numbers["layers/1/delta"],
        "layers/1/biases_gradient": numbers["layers/1/delta"],
        "layers/0/x_gradient": numbers["layers/1/delta"],
        "layers/0/weights_gradient": numbers["layers/0/delta"],
        "layers/0/biases_gradient": numbers["layers/0/delta"],
    }


@settings(deadline=None, max_examples=60)
@given(asked=QUESTIONS, eta=st.sampled_from([None, 0.1]), digits=st.integers(2, 5))
def test_every_gradient_is_shown_in_the_shape_of_its_parameter(asked, eta, digits):
    asked = hand_question(**asked)
    rounding = Rounding(digits)
    document = backprop_solution(asked.layers, asked.x, asked.y, asked.loss, rounding, eta=eta)
    result = asked.network.backprop(asked.x, asked.y, asked.loss)
    # A sum that is 0 by hand may be 1e-17 with floats, on the other side of the kink of a ReLU.
    assume(not any(((s != 0.0) & (np.abs(s) < 1e-12)).any() for s in result.trace.s))
    half = 0.5 * 10.0**-digits * (1 + 1e-6)
    for number, gradient in enumerate(result.gradients):
        shown = as_floats(step(document, f"layers/{number}/weights_gradient").value)
        assert shown.shape == gradient.weights.shape
        np.testing.assert_allclose(shown, gradient.weights, rtol=0, atol=half)
    ids = [one.id for one in document.steps]
    assert len(set(ids)) == len(ids)
    assert all(document.referred(r) for s in document.steps for r in s.note if type(r) is Reference)


@settings(deadline=None)
@given(QUESTIONS)
def test_an_equals_sign_stands_only_where_nothing_was_rounded(asked):
    asked = hand_question(**asked)
    document = forward_solution(asked.layers, asked.x, Rounding(3))
    trace = asked.network.forward(asked.x)
    for one in document.steps:
        layer, name = one.place[1:]
        computed = {"s": trace.s[layer], "x": trace.x[layer + 1]}[name][one.sample or 0]
        if one.exact:
            np.testing.assert_allclose(as_floats(one.value), computed, rtol=0, atol=1e-12)
        else:
            assert np.abs(as_floats(one.value) - computed).max() > 1e-12


@settings(deadline=None, max_examples=40)
@given(asked=QUESTIONS, kind=st.sampled_from(["decimals", "significant_digits"]))
def test_any_network_is_solved_with_rounding_at_each_step_too(asked, kind):
    asked = hand_question(**asked)
    rounding = Rounding(3, kind, "each_step")
    try:
        document = backprop_solution(asked.layers, asked.x, asked.y, asked.loss, rounding, eta=0.1)
    except NotFinite as refused:
        assume("use more digits" not in refused.detail)
        raise
    assert all(one.plugged_exactly for one in document.steps)


def test_the_relu_system_of_a_parabola_by_hand():
    # f(x) = x² at 0, 1/4, …, 1: slopes 1/4, 3/4, 5/4, 7/4; the first row is f(0) = λ_1 h = 0, and
    # each further λ is a change of slope: 1/4 - 0, then 1/2 three times.
    grid = np.linspace(0.0, 1.0, 5)
    document = relu_solution(grid, grid**2, Rounding(4), interval=(0.0, 1.0))
    lambdas = [one.shown for one in document.steps if one.place[0] == "lambdas"]
    assert lambdas == [Number(text) for text in ("0", "0.25", "0.5", "0.5", "0.5")]
    assert step(document, "spacing").shown == Number("0.25")


def test_the_relu_system_takes_points_that_are_not_equidistant():
    document = relu_solution(np.array([0.0, 0.5, 2.0]), np.array([1.0, 2.0, 2.0]), Rounding(3))
    # Knots -0.5, 0, 0.5. Rows: 0.5 λ_1 = 1; λ_1 + 0.5 λ_2 = 2; 2.5 λ_1 + 2 λ_2 + 1.5 λ_3 = 2.
    lambdas = [float(one.value) for one in document.steps if one.place[0] == "lambdas"]
    assert lambdas == [2.0, 0.0, -2.0]
    assert [one.id for one in document.steps][:2] == ["knots", "values"]


@settings(deadline=None)
@given(QUESTIONS, st.booleans(), st.booleans())
def test_the_length_foretold_is_about_the_length_written(asked, backward, update):
    asked = hand_question(**asked)
    if backward:
        document = backprop_solution(
            asked.layers, asked.x, asked.y, asked.loss, Rounding(3), eta=0.1 if update else None
        )
    else:
        update = False
        document = forward_solution(asked.layers, asked.x, Rounding(3))
    written = sum(map(numbers_in, document.steps))
    foretold = count_numbers(asked.network.sizes, len(asked.x), backward, update)
    assert 0.5 * written <= foretold <= 3.0 * written + 40


def numbers_in(node):
    if isinstance(node, Step):
        return sum(map(numbers_in, (*node.substituted, node.shown)))
    if isinstance(node, Number):
        return 1
    children = getattr(node, "__dict__", {}).values()
    return sum(map(numbers_in, children)) + (
        sum(map(numbers_in, node)) if isinstance(node, tuple) else 0
    )


def test_a_solution_that_nobody_would_read_is_refused_with_its_length():
    asked = hand_question(0, (12, 12, 12, 12, 12))
    length = count_numbers((12, 12, 12, 12, 12), update=True)
    assert length > MAX_NUMBERS
    with pytest.raises(TooLong, match=str(length)):
        backprop_solution(asked.layers, asked.x, asked.y, asked.loss, Rounding(), eta=0.1)
    require_page_length((12, 12, 12), update=True)


def test_a_matrix_wider_than_the_page_is_refused_with_its_width():
    asked = hand_question(0, (40, 1))
    with pytest.raises(TooLong, match="40 columns"):
        forward_solution(asked.layers, asked.x, Rounding())
    grid = np.arange(MAX_POINTS + 1.0)
    with pytest.raises(TooLong, match=f"{MAX_POINTS + 1} points"):
        relu_solution(grid, grid, Rounding())


def test_what_has_no_loss_has_no_solution():
    with pytest.raises(OutOfDomain):
        backprop_solution(
            SHEET.layers, SHEET_X, np.array([[2.0, 0.0]]), BINARY_CROSS_ENTROPY, Rounding()
        )

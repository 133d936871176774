"""Judging a sheet: correct, follows, wrong, missing; the first slip, and two at once."""

import numpy as np
import pytest
from hand_questions import SHEET, SHEET_X, SHEET_Y, hand_question, tenths
from hypothesis import given, settings
from hypothesis import strategies as st
from planting import handed_in_with

from core.errors import ShapeMismatch, UnknownName
from core.nn.losses import SQUARED
from core.solutions.calculation.evaluation import work_out
from core.solutions.calculation.network import backprop_calculation
from core.solutions.calculation.relu_system import equidistant_calculation
from core.solutions.checking.check import check
from core.solutions.checking.mistake_search import SEARCH_BUDGET
from core.solutions.checking.mistakes import SPECIFIC
from core.solutions.checking.verdict import Verdict
from core.solutions.rounding import Rounding, as_floats

TWO = Rounding(2, mode="each_step")
NAMED = {one.name: one for one in SPECIFIC}


def calculation(eta=None):
    return backprop_calculation(SHEET.layers, SHEET_X, SHEET_Y, SQUARED, eta=eta)


def at(layer, name):
    return ("layers", layer, name)


def judged(report, place):
    return [one for one in report.numbers if one.place == place]


def names(number):
    return [slip.mistake for slip in number.slips]


def test_the_numbers_printed_on_the_sheet_are_correct_and_the_rest_is_missing():
    printed = {
        at(0, "s"): [[-0.1, -2.4, 2.2]],
        at(0, "x"): [[0.48, 0.08, 0.90]],
        at(1, "x"): [[0.45, 0.74]],
        at(1, "x_gradient"): [[0.45, -0.26]],
        at(1, "slope"): [[0.25, 0.19]],
        at(1, "weights_gradient"): [[0.05, 0.01, 0.10], [-0.02, -0.00, -0.05]],
        at(1, "biases_gradient"): [0.11, -0.05],
    }
    answers = {place: np.array(numbers) for place, numbers in printed.items()}
    for rounding in (Rounding(2), TWO):
        report = check(calculation(), answers, rounding)
        assert report.first_wrong is None
        assert report.count(Verdict.CORRECT) == 20
        assert {one.verdict for one in report.numbers if one.place not in answers} == {
            Verdict.MISSING
        }


def test_a_slip_is_charged_once_and_what_follows_from_it_is_forgiven():
    # The bias of layer 2 forgotten: s = (0.39, 0.52), and on with that.
    answers = {
        at(0, "x"): np.array([[0.48, 0.08, 0.90]]),
        at(1, "s"): np.array([[0.39, 0.52]]),
        at(1, "x"): np.array([[0.60, 0.63]]),
        at(1, "delta"): np.array([[0.14, -0.09]]),
    }
    report = check(calculation(), answers, TWO)
    assert [one.verdict for one in judged(report, at(1, "s"))] == [Verdict.WRONG] * 2
    assert [one.verdict for one in judged(report, at(1, "x"))] == [Verdict.FOLLOWS] * 2
    assert [one.verdict for one in judged(report, at(1, "delta"))] == [Verdict.FOLLOWS] * 2
    first = report.first_wrong
    assert (first.place, first.index) == (at(1, "s"), (0, 0))
    assert str(first.expected) == "-0.21"
    assert names(first) == ["bias_forgotten"]


def test_a_number_that_is_right_in_spite_of_an_earlier_slip_is_correct():
    answers = {at(1, "s"): np.array([[0.39, 0.52]]), at(1, "x"): np.array([[0.45, 0.74]])}
    report = check(calculation(), answers, TWO)
    assert [one.verdict for one in judged(report, at(1, "x"))] == [Verdict.CORRECT] * 2


def test_exact_numbers_have_no_leeway():
    # s of layer 1 needs no rounding at two decimals, so a hundredth off is a mistake.
    answers = {at(0, "s"): np.array([[-0.11, -2.4, 2.2]])}
    report = check(calculation(), answers, TWO)
    assert [one.verdict for one in judged(report, at(0, "s"))] == [
        Verdict.WRONG,
        Verdict.CORRECT,
        Verdict.CORRECT,
    ]


def test_carrying_rounded_numbers_where_only_the_display_is_rounded_is_told_apart():
    # Exactly, x^(2) is 0.7355 and its slope 0.1945; from 0.73, which is nearer to rounding at each
    # step, it is 0.1971, so that 0.20 follows from rounding too early and 0.19 is the exact one.
    worked = work_out(calculation(), TWO)
    carried = {q.place: as_floats(worked.printed[q.place]) for q in worked.calculation.quantities}
    assert check(calculation(), carried, TWO).count(Verdict.CORRECT) == len(
        check(calculation(), carried, TWO).numbers
    )
    report = check(calculation(), carried, Rounding(2))
    early = [one for one in report.numbers if one.verdict is Verdict.FOLLOWS]
    assert report.first_wrong is None or early
    assert {tuple(names(one)) for one in early[:1]} == {("rounded_too_early",)}


def test_a_matrix_handed_in_transposed_is_recognized_by_its_shape():
    right = work_out(calculation(), TWO)
    gradient = as_floats(right.printed[at(1, "weights_gradient")])
    report = check(calculation(), {at(1, "weights_gradient"): gradient.T}, TWO)
    judgement = judged(report, at(1, "weights_gradient"))
    assert {one.verdict for one in judgement} == {Verdict.WRONG}
    assert {tuple(names(one)) for one in judgement} == {("outer_product_transposed",)}


@settings(max_examples=15)
@given(seed=st.integers(0, 999))
def test_no_digit_of_an_exact_number_was_cut_off(seed):
    # s of the first layer has at most two decimals, so nothing is left to cut off.
    asked = hand_question(seed, (2, 3, 1))
    exact = backprop_calculation(asked.layers, asked.x, asked.y, SQUARED)
    place = at(0, "s")
    s = as_floats(work_out(exact, Rounding(2)).computed[place]).reshape(1, -1)
    x = as_floats(work_out(exact, Rounding(2)).printed[at(0, "x")]).reshape(1, -1)
    for unit in (-0.1, 0.1, -0.01, 0.01, 0.001, -0.001):
        for others in ({}, {at(0, "x"): x}, {at(0, "x"): np.floor(100 * x) / 100}):
            answers = {place: np.round(s + unit, 3)} | others
            for rounding in (Rounding(3), None):
                for one in judged(check(exact, answers, rounding), place):
                    assert "cut_off" not in names(one)


def test_cutting_digits_off_is_named():
    # 0.4750 and 0.0832 do not change by it; 0.9002 does not either; 0.7355 would become 0.73.
    answers = {at(1, "x"): np.array([[0.44, 0.73]])}
    report = check(calculation(), answers, Rounding(2))
    assert [names(one) for one in judged(report, at(1, "x"))] == [["cut_off"], ["cut_off"]]


@pytest.mark.parametrize(
    ("answer", "error", "says"),
    [
        ({at(0, "s"): np.zeros((1, 4))}, ShapeMismatch, "s of layer 1 is 1 × 4, expected 1 × 3"),
        ({at(2, "s"): np.zeros((1, 4))}, UnknownName, "s of layer 3"),
        ({("loss",): np.zeros(2)}, ShapeMismatch, "a single number"),
        ({at(0, "updated_weights"): np.zeros((3, 2))}, UnknownName, "updated_weights"),
    ],
)
def test_what_does_not_fit_is_named(answer, error, says):
    with pytest.raises(error, match=says) as refused:
        check(calculation(), answer, TWO)
    assert refused.value.place == next(iter(answer))


@settings(deadline=None, max_examples=50)
@given(
    seed=st.integers(0, 10**6),
    digits=st.integers(1, 6),
    mode=st.sampled_from(["display", "each_step"]),
)
def test_the_allowed_interval_contains_what_is_expected_and_what_is_true(seed, digits, mode):
    asked = hand_question(seed, (2, 3, 2))
    by_hand = backprop_calculation(asked.layers, asked.x, asked.y, asked.loss)
    exact = work_out(by_hand, Rounding()).computed
    for one in check(by_hand, {}, Rounding(digits, mode=mode)).numbers:
        true = float(np.asarray(exact[one.place])[one.index])
        low, high = one.allowed
        unit = 10.0**-digits
        assert low - 1e-3 * unit <= true <= high + 1e-3 * unit
        assert low - 1e-3 * unit <= float(one.expected) <= high + 1e-3 * unit
        if mode == "display":
            assert high - low <= unit * (1 + 1e-6)


@pytest.mark.parametrize(
    "pair",
    [
        ("difference_turned", "slope_left_out"),
        ("factor_two", "slope_taken_at_x"),
        ("target_forgotten", "value_instead_of_slope"),
        ("slope_of_s_instead_of_x", "difference_turned"),
    ],
)
@pytest.mark.parametrize("seed", range(5))
def test_two_mistakes_at_once_are_found_where_only_their_result_was_handed_in(pair, seed):
    asked = hand_question(seed, (2, 3, 3))
    by_hand = backprop_calculation(asked.layers, asked.x, asked.y, asked.loss)
    rounding = Rounding(5, mode="each_step")
    planted = {}
    for name in pair:
        (opening,) = [
            quantity.place
            for quantity in by_hand.quantities
            if quantity.place[:2] == ("layers", 1)
            and NAMED[name].fits(quantity, {q.place for q in by_hand.quantities} | {*by_hand.given})
        ][:1]
        planted.setdefault(opening, []).append(NAMED[name])
    handed_in = handed_in_with(by_hand, planted, rounding)
    kept = {place: handed_in[place] for place in (at(1, "s"), at(1, "x"), at(1, "delta"))}
    report = check(by_hand, kept, rounding)
    wrong = [one for one in report.numbers if one.verdict is Verdict.WRONG]
    assert {one.place for one in wrong} == {at(1, "delta")}
    for one in wrong:
        fitting = [
            {slip.mistake for slip in slips}
            for slips in (one.slips, *(o.slips for o in one.alternatives))
        ]
        assert set(pair) in fitting


@pytest.mark.parametrize("seed", range(10))
def test_two_mistakes_in_different_places_are_both_charged(seed):
    asked = hand_question(seed, (3, 3, 3))
    by_hand = backprop_calculation(asked.layers, asked.x, asked.y, asked.loss)
    rounding = Rounding(5, mode="each_step")
    planted = {
        at(0, "s"): [NAMED["bias_forgotten"]],
        at(0, "weights_gradient"): [NAMED["outer_product_transposed"]],
    }
    report = check(by_hand, handed_in_with(by_hand, planted, rounding), rounding)
    wrong = [one for one in report.numbers if one.verdict is Verdict.WRONG]
    assert {one.place for one in wrong} == set(planted)
    for one in wrong:
        expected = {mistake.name for mistake in planted[one.place]}
        assert expected in [
            {s.mistake for s in slips}
            for slips in (one.slips, *(o.slips for o in one.alternatives))
        ]


def test_the_lambdas_of_the_parabola_are_checked_one_by_one():
    # λ = (0, 0.25, 0.5, 0.5, 0.5). Taking slopes for their changes gives 0, 0.25, 0.75, 1.25, 1.75.
    grid = np.linspace(0, 1, 5)
    by_hand = equidistant_calculation((0.0, 1.0), grid**2)
    answers = {("lambdas", i): np.array(v) for i, v in enumerate([0.0, 0.25, 0.75, 1.25, 1.75])}
    report = check(by_hand, answers, Rounding(4))
    verdicts = [one.verdict for one in report.numbers if one.place[0] == "lambdas"]
    assert verdicts[:2] == [Verdict.CORRECT] * 2
    assert verdicts[2:] == [Verdict.WRONG] * 3
    assert names(report.first_wrong) == ["slope_instead_of_its_change"]


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10**6))
def test_a_stray_number_without_a_known_reason_is_wrong_without_a_name(seed):
    generator = np.random.default_rng(seed)
    asked = hand_question(seed, (2, 3, 2))
    by_hand = backprop_calculation(asked.layers, asked.x, asked.y, asked.loss)
    rounding = Rounding(6)
    handed_in = handed_in_with(by_hand, {}, rounding)
    # A distance that no mistake of the table makes, from every number of the sheet.
    handed_in[at(0, "s")] = handed_in[at(0, "s")] + 0.137913 + tenths(generator, (1, 3), 3)
    report = check(by_hand, handed_in, rounding)
    stray = judged(report, at(0, "s"))
    assert {one.verdict for one in stray} == {Verdict.WRONG}
    assert all(one.slips == () for one in stray)


def test_a_slip_several_steps_before_the_only_number_handed_in_is_found():
    # The bias of layer 2 forgotten, of the sheet's network at (1, 2): only E is written down.
    report = check(calculation(), {("loss",): np.array(0.246587)}, Rounding(6))
    (slip,) = report.first_wrong.slips
    assert (slip.mistake, slip.place) == ("bias_forgotten", ("layers", 1, "s"))


def test_the_search_for_mistakes_is_bounded_for_the_whole_sheet(monkeypatch):
    efforts = []

    def recorded(judged, marking, effort):
        efforts.append(effort)
        return []

    monkeypatch.setattr("core.solutions.checking.check.find_mistakes", recorded)
    right = work_out(calculation(), Rounding(6)).printed
    answers = {one.place: as_floats(right[one.place]) for one in calculation().quantities}
    several = [place for place, numbers in answers.items() if numbers.size > 1]
    for place in several:
        answers[place].flat[0] += 0.123457
    check(calculation(), answers, Rounding(6))
    assert len(efforts) > 8  # quantities with one wrong number beside right ones
    assert sum(efforts) <= 2 * SEARCH_BUDGET  # coarse numbers may be searched too

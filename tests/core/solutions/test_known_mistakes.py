"""Each known mistake, planted anywhere, is found and named; what follows is forgiven."""

import numpy as np
import pytest
from hand_questions import HIDDEN, PAIRS, hand_question, tenths
from planting import downstream, handed_in_with

from core.errors import NotFinite
from core.solutions.calculation.network import backprop_calculation
from core.solutions.calculation.relu_system import equidistant_calculation, grid_calculation
from core.solutions.checking.check import check
from core.solutions.checking.mistakes import MISTAKES, SPECIFIC
from core.solutions.checking.verdict import Verdict
from core.solutions.rounding import Rounding

NETWORKS = 60


def random_calculation(generator):
    """A network of square layers, so that nothing gives a transposed matrix away, or Task 7."""
    if generator.random() < 0.15:
        values = tenths(generator, 5, 30)
        if generator.random() < 0.5:
            return equidistant_calculation((0.0, 2.0), values)
        return grid_calculation(np.cumsum(generator.integers(1, 6, size=5)) / 10, values)
    loss, last = PAIRS[generator.integers(len(PAIRS))]
    width, depth = int(generator.integers(2, 4)), int(generator.integers(2, 4))
    asked = hand_question(
        int(generator.integers(10**6)),
        (width,) * (depth + 1),
        HIDDEN[generator.integers(len(HIDDEN))],
        last,
        loss,
        int(generator.integers(1, 4)),
    )
    reduction = "mean" if generator.random() < 0.7 else "sum"
    return backprop_calculation(asked.layers, asked.x, asked.y, asked.loss, reduction, eta=0.2)


def openings(calculation, mistake):
    """The quantities at which the mistake can be made."""
    written = {*calculation.given, *(quantity.place for quantity in calculation.quantities)}
    return [q for q in calculation.quantities if mistake.fits(q, written)]


def planted_somewhere(mistake, generator):
    """A calculation, a place, and the numbers handed in; None where the mistake changes nothing."""
    calculation = random_calculation(generator)
    places = openings(calculation, mistake)
    if not places:
        return None
    quantity = places[generator.integers(len(places))]
    rounding = Rounding(6, mode=("display", "each_step")[generator.integers(2)])
    try:
        right = handed_in_with(calculation, {}, rounding)[quantity.place]
        answers = handed_in_with(calculation, {quantity.place: [mistake]}, rounding)
    except (NotFinite, ArithmeticError, ValueError):
        return None
    got = answers[quantity.place]
    sane = all(np.isfinite(numbers).all() for numbers in answers.values())
    if not sane or got.shape != right.shape or np.abs(got - right).max() < 1e-3:
        return None
    return calculation, quantity, answers, rounding


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: one.name)
def test_a_planted_mistake_is_found_and_named_and_the_rest_follows(mistake):
    generator = np.random.default_rng(sum(map(ord, mistake.name)))
    found = 0
    for _ in range(40 * NETWORKS):
        planted = planted_somewhere(mistake, generator)
        if planted is None:
            continue
        calculation, quantity, answers, rounding = planted
        report = check(calculation, answers, rounding)
        judged = [one for one in report.numbers if one.verdict is Verdict.WRONG]
        assert judged, quantity.place
        assert {one.place for one in judged} == {quantity.place}
        assert report.first_wrong is judged[0]
        for one in judged:
            fitting = (one.slips, *(other.slips for other in one.alternatives))
            assert mistake.name in {slips[0].mistake for slips in fitting if len(slips) == 1}
        after = downstream(calculation, quantity.place)
        for one in report.numbers:
            if one.place != quantity.place:
                allowed = {Verdict.CORRECT} | ({Verdict.FOLLOWS} if one.place in after else set())
                assert one.verdict in allowed, one
        found += 1
        if found == 2:
            return
    assert found > 0, "this mistake never changed anything"


def test_every_name_says_what_was_done():
    assert len(SPECIFIC) >= 50
    assert all(one.sentence.endswith(".") for one in MISTAKES)
    assert len({one.name for one in MISTAKES}) == len(MISTAKES)

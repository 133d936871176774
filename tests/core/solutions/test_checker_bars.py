"""A share of the checker's bars; `make exercises-bars` has the whole."""

from collections import Counter

from checker_bars import OF_NETWORKS, STYLES, honest, planted, random_wrong

from core.solutions.checking.evidence import ACCIDENTS, Tier


def test_honest_sheets_of_every_style_have_no_wrong_number():
    wrong, done = honest(5 * len(STYLES))
    assert set(done) == set(STYLES)
    assert wrong.total() == 0, wrong


def test_a_random_wrong_number_gets_no_certain_name():
    tally = random_wrong(60)
    assert tally["wrong"] == 60
    # One in a hundred is the bar: of sixty, three would be an accident of one in fifty.
    assert tally["certain"] <= 2, tally


def test_all_tiers_together_allow_one_accident_in_a_hundred():
    assert set(ACCIDENTS) == set(Tier)
    assert min(ACCIDENTS.values()) > 0.0
    assert sum(ACCIDENTS.values()) <= 0.01 + 1e-12


def test_planted_mistakes_are_located_and_named_first():
    results = planted(1, mistakes=OF_NETWORKS[::3])
    total = sum(results.values(), Counter())
    assert total["planted"] >= 0.9 * len(results)
    assert total["located"] >= 0.97 * total["planted"], results
    assert total["named"] >= 0.9 * total["planted"], results

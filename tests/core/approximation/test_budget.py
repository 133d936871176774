"""A budget charges what it admits, and refuses the rest."""

import pytest

from core.approximation.budget import Budget
from core.errors import LimitExceeded


def test_every_number_of_operations_that_is_admitted_is_charged():
    charged = []
    budget = Budget(10, 10, 100, charge=charged.append)
    budget.operations(60)
    budget.operations(100)
    with pytest.raises(LimitExceeded):
        budget.operations(101)
    assert charged == [60, 100]


def test_advice_is_given_where_it_helps():
    budget = Budget(10, 10, 100, advice="ask in the background", advice_limit=1000)
    with pytest.raises(LimitExceeded, match="ask in the background"):
        budget.operations(1000)
    with pytest.raises(LimitExceeded) as beyond:
        budget.operations(1001)
    assert "background" not in str(beyond.value)


def test_points_and_numbers_have_limits_of_their_own():
    budget = Budget(10, 20, 100)
    budget.points(10, ("n",))
    budget.array_elements(20)
    with pytest.raises(LimitExceeded) as points:
        budget.points(11, ("n",))
    assert points.value.place == ("n",)
    with pytest.raises(LimitExceeded):
        budget.array_elements(21)

import numpy as np
import pytest
from jaxtyping import TypeCheckError

from core.nn.activations import relu
from tests.axes import CALLS, begin_file

WHOLE_NUMBERS = np.array([1, 2])
"""relu names floats, and would compute with whole numbers too."""


def test_a_call_that_breaks_its_signature_is_noticed():
    with pytest.raises(TypeCheckError, match=r"core\.nn\.activations\.relu"):
        relu(WHOLE_NUMBERS)


def test_the_first_calls_are_checked_and_in_the_next_file_again():
    for _ in range(CALLS):
        relu(np.array([1.0]))
    assert relu(WHOLE_NUMBERS).tolist() == [1, 2]
    begin_file()
    with pytest.raises(TypeCheckError):
        relu(WHOLE_NUMBERS)

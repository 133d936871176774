import numpy as np
import pytest

from core.errors import UnknownName
from core.nn.initialization import INITIALIZATIONS, initial_layers


def test_an_unknown_initialization_is_refused_with_those_that_there_are():
    with pytest.raises(UnknownName) as refused:
        initial_layers((2, 1), "relu", np.random.default_rng(0), "orthogonal")
    assert str(refused.value) == (
        "there is no initialization 'orthogonal'; there are " + ", ".join(INITIALIZATIONS)
    )
    assert refused.value.place == ("architecture", "initialization")

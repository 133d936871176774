"""The mistakes that students are known to make; adding one is adding an entry to a table."""

from core.solutions.checking.mistakes.activation_derivative import IN_THE_SLOPE
from core.solutions.checking.mistakes.backward import IN_DELTA, ON_THE_WAY_DOWN
from core.solutions.checking.mistakes.forward import IN_THE_ACTIVATION, IN_THE_WEIGHING
from core.solutions.checking.mistakes.generic import ANYWHERE, SIGN_LOST
from core.solutions.checking.mistakes.gradients import IN_THE_GRADIENTS, IN_THE_UPDATE
from core.solutions.checking.mistakes.loss import IN_ITS_DERIVATIVE, IN_THE_LOSS
from core.solutions.checking.mistakes.mistake import Mistake
from core.solutions.checking.mistakes.relu_system import IN_THE_POINTS, IN_THE_SUBSTITUTION
from core.solutions.checking.mistakes.sums import IN_A_WEIGHTED_SUM, IN_THE_SUM_OVER_PATHS
from core.solutions.checking.mistakes.writing import WRITING

SPECIFIC: tuple[Mistake, ...] = (
    *IN_THE_WEIGHING,
    *IN_A_WEIGHTED_SUM,
    *IN_THE_ACTIVATION,
    *IN_THE_LOSS,
    *IN_ITS_DERIVATIVE,
    *IN_THE_SLOPE,
    *IN_DELTA,
    *ON_THE_WAY_DOWN,
    *IN_THE_SUM_OVER_PATHS,
    *IN_THE_GRADIENTS,
    *IN_THE_UPDATE,
    *IN_THE_POINTS,
    *IN_THE_SUBSTITUTION,
)
__all__ = ["ANYWHERE", "MISTAKES", "SIGN_LOST", "SPECIFIC", "WRITING", "Mistake"]

MISTAKES: tuple[Mistake, ...] = (*SPECIFIC, *ANYWHERE)
"""The most specific ones first: of two that fit equally well, the earlier is named."""

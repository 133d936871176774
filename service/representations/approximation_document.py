"""POST /approximate as a document: the triangular system, row by row."""

from core.approximation.result import Approximation
from core.solutions.document import Document
from core.solutions.relu_solution import relu_solution, require_few_points
from core.solutions.rounding import Rounding
from service.schemas.approximation.request import ApproximateRequest
from service.schemas.error_location import set_location


def require_short(question: ApproximateRequest) -> None:
    """Raise `TooLong` before anything is computed, where the number of points is known."""
    with set_location(*question.size_place):
        require_few_points(question.size)


def document(question: ApproximateRequest, result: Approximation, rounding: Rounding) -> Document:
    """The worked solution; raises what the core refuses."""
    equidistant = isinstance(question.rule, str) and question.rule == "equidistant"
    ends = (question.interval[0], question.interval[1]) if question.interval else None
    place = ("tolerance",) if question.tolerance else question.size_place
    with set_location(*place):
        return relu_solution(
            result.network.grid,
            result.network.values,
            rounding,
            ends if equidistant else None,
            found=question.is_minimal,
        )

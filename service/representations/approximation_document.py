"""POST /approximate as a document: the triangular system, row by row."""

from collections.abc import Callable

from core.approximation.formula.analysis.known_digits import known_digits
from core.approximation.formula.formula import parse
from core.approximation.grids import EQUIDISTANT
from core.approximation.request import ApproximationRequest
from core.approximation.result import Approximation
from core.errors import OutOfDomain
from core.solutions.derivation.relu.function import function_formula
from core.solutions.document import Document
from core.solutions.relu_solution import relu_solution, require_few_points
from core.solutions.rounding import Rounding
from service.schemas.error_location import set_location


def document(
    request: ApproximationRequest, result: Callable[[], Approximation], rounding: Rounding
) -> Document:
    """The worked solution of what `result` computes.

    Raises `TooLong` before it is computed, where the number of points is known.
    """
    with set_location(*request.size_place):
        require_few_points(request.size)
    found = result()
    network = found.network
    if len(network.grid) < 2:
        raise OutOfDomain("one point is a constant: there is no system to solve", ("samples", "x"))
    equidistant = isinstance(request.rule, str) and request.rule == EQUIDISTANT
    is_searched = request.is_minimal or request.values is not None
    values = network.values
    if found.function is not None and not is_searched:
        values = known_digits(found.function, network.grid, values)
    place = ("tolerance",) if request.tolerance else request.size_place
    with set_location(*place):
        return relu_solution(
            network.grid,
            values,
            rounding,
            request.interval if equidistant else None,
            found=is_searched,
            function=None
            if request.function is None
            else function_formula(parse(request.function).tree),
        )

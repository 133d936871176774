"""An approximation, or a comparison, in every media type."""

from collections.abc import Callable
from functools import partial

from core.approximation.convergence import Comparison
from core.approximation.request import ApproximationRequest
from core.approximation.result import Approximation
from core.export.approximation.formats import APPROXIMATION_FORMATS
from core.solutions.rounding import Rounding
from service.errors import ResultNotFound
from service.jobs.approximation.request_bytes import Request
from service.jobs.job import Job
from service.jobs.storage.store import Store
from service.openapi.responses import Responses, with_pictures
from service.representations.approximation_document import document
from service.representations.documents import with_paper
from service.representations.files import as_files, with_files
from service.representations.plots import approximation_picture, convergence_picture
from service.representations.represent import (
    Representations,
    as_documents,
    as_json,
    as_pictures,
)
from service.results.approximation import Result, result_of
from service.schemas.approximation.comparison import CompareResponse
from service.schemas.approximation.response import ApproximateResponse


def approximation_forms(
    request: ApproximationRequest,
    result: Callable[[], Approximation],
    rounding: Rounding,
    max_width: int,
    operations: float,
) -> Representations:
    """JSON, pictures, documents and files of what `result` computes."""
    return {
        **as_json(lambda: ApproximateResponse.of(result(), max_width, request.curve), operations),
        **as_pictures(lambda kind: approximation_picture(result(), kind), operations),
        **as_documents(lambda: document(request, result, rounding), operations),
        **as_files(APPROXIMATION_FORMATS, result, "relu_network", operations),
    }


def comparison_forms(result: Callable[[], Comparison], operations: float) -> Representations:
    """JSON and pictures of what `result` computes."""
    return {
        **as_json(lambda: CompareResponse.of(result()), operations),
        **as_pictures(lambda kind: convergence_picture(result(), kind), operations),
    }


def forms_of(
    request: Request, result: Result, rounding: Rounding, max_width: int, operations: float
) -> Representations:
    """All media types of a stored result."""
    if isinstance(request, ApproximationRequest) and isinstance(result, Approximation):
        return approximation_forms(request, lambda: result, rounding, max_width, operations)
    if isinstance(result, Comparison):
        return comparison_forms(lambda: result, operations)
    raise TypeError("the result is of another request")


def picture_of(store: Store, job: Job, show: str, picture_format: str) -> bytes:
    """The picture; raises as `result_of`, and `ResultNotFound` for what only a training has."""
    if show != "prediction":
        raise ResultNotFound(f"the job is an approximation, no training: it has no {show}")
    _, result = result_of(store, job)
    draw = (
        partial(convergence_picture, result)
        if isinstance(result, Comparison)
        else partial(approximation_picture, result)
    )
    return draw(picture_format)


def with_forms(responses: Responses) -> Responses:
    """Add the media types of an approximation to the declared answer 200."""
    return with_files(with_paper(with_pictures(responses)), APPROXIMATION_FORMATS)

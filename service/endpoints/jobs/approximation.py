"""GET /train/{id}/approximation: the result of an approximation's job."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from service.dependencies import Accept, ComputationOf, JobOf, LimitsOf, StoreOf
from service.http.conditional_requests import conditional_response, etag
from service.http.json_route import StrictJsonRoute
from service.openapi.responses import NOT_MODIFIED, error_responses
from service.representations.approximation import forms_of, with_forms
from service.representations.files import choose_form
from service.results.approximation import result_of
from service.schemas.approximation.comparison import CompareResponse
from service.schemas.approximation.response import ApproximateResponse
from service.schemas.file_formats import ApproximationQuery
from service.submission.submit import IfNoneMatch

router = APIRouter(route_class=StrictJsonRoute, tags=["approximation"])

OPERATIONS = 10**8
"""Packing or drawing a result takes less than a second."""


@router.get(
    "/train/{id}/approximation",
    response_model=ApproximateResponse | CompareResponse,
    responses=with_forms(NOT_MODIFIED) | error_responses(404, 406, 409, 422, 503),
)
async def get_approximation(
    job: JobOf,
    query: Annotated[ApproximationQuery, Query()],
    store: StoreOf,
    limits: LimitsOf,
    computation: ComputationOf,
    accept: Accept = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The approximation, or the comparison, that was asked for with `Prefer: respond-async`.

    As `POST /approximate` would have answered it, in all the same forms.
    """

    def answer() -> Response:
        request, result = result_of(store, job)
        width = limits.settings.max_width
        forms = forms_of(request, result, query.rule, width, OPERATIONS)
        form = choose_form(query.format, accept, forms)
        tag = etag(job.version, f"{form}-{query.name}")
        return conditional_response(tag, if_none_match, forms[form].write)

    return await computation.run(answer, OPERATIONS)

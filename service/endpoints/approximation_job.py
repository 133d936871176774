"""GET /train/{id}/approximation: what a job made of an approximation."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from service.approximated import answer_of, form_of, result_of
from service.approximation_forms import with_forms
from service.conditional import etag, fresh
from service.contract import NOT_MODIFIED, refusals
from service.dependencies import Accept, ComputationOf, JobOf, LimitsOf, StoreOf
from service.endpoints.jobs import IfNoneMatch
from service.strict_json import StrictJsonRoute
from service.wire.approximate_answer import ApproximateAnswer
from service.wire.compare import CompareAnswer
from service.wire.rounding import RoundedQuery

router = APIRouter(route_class=StrictJsonRoute, tags=["approximation"])

OPERATIONS = 10**8
"""A result is packed, or drawn, in a good part of a second."""


@router.get(
    "/train/{id}/approximation",
    response_model=ApproximateAnswer | CompareAnswer,
    responses=with_forms(NOT_MODIFIED) | refusals(404, 406, 409, 422, 503),
)
async def get_approximation(
    job: JobOf,
    paper: Annotated[RoundedQuery, Query()],
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
        media_type = form_of(store, job, accept)
        question, result = result_of(store, job)
        tag = etag(job.version, f"{media_type}-{paper.name}")
        return fresh(
            tag, if_none_match, lambda: answer_of(question, result, media_type, paper.rule, limits)
        )

    return await computation.run(answer, OPERATIONS)

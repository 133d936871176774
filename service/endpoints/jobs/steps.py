"""GET /train/{id}/steps/{k}: one iteration of a training, recomputed."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from service.dependencies import Accept, ComputationOf, LimitsOf, StoreOf
from service.http.conditional_requests import conditional_response, etag
from service.http.content_negotiation import JSON, choose
from service.http.json_route import StrictJsonRoute
from service.openapi.responses import NOT_MODIFIED, error_responses
from service.representations.documents import with_paper
from service.representations.represent import DOCUMENT_OPERATIONS, as_documents, as_json
from service.results.approximation import TrainingOf
from service.results.training import replayed, replayed_on_paper
from service.schemas.training.iteration import IterationResponse, StepQuery
from service.submission.submit import IfNoneMatch

router = APIRouter(route_class=StrictJsonRoute, tags=["training"])

LARGEST = 2**53


@router.get(
    "/train/{id}/steps/{k}",
    response_model=IterationResponse,
    responses=with_paper(NOT_MODIFIED) | error_responses(404, 406, 422, 503),
)
async def get_step(
    job: TrainingOf,
    k: Annotated[
        int,
        Path(
            ge=1,
            le=LARGEST,
            description="the iteration, from 1",
            openapi_examples={"the first": {"value": 1}},
        ),
    ],
    query: Annotated[StepQuery, Query()],
    store: StoreOf,
    limits: LimitsOf,
    computation: ComputationOf,
    accept: Accept = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One iteration of the training, worked out.

    The parameters before it, its batch, every number of the forward and the backward pass and what
    the optimizer changed, recomputed bit for bit from the nearest checkpoint. The answer is JSON,
    or by `Accept` the same worked out as by hand: Markdown with $…$, LaTeX that compiles, or an
    HTML page, rounded as the query says. JSON has every sample of the batch, or by the query one of
    them (`row=17`) or none (`rows=none`: gradients and updates alone).
    """
    forms = {
        **as_json(lambda: IterationResponse.of(replayed(store, job, k, limits), query), 0.0),
        **as_documents(lambda: replayed_on_paper(store, job, k, limits, query.rule)),
    }
    media_type = choose(accept, forms)
    limits.operations(forms[media_type].operations)
    form = f"json-{query.selection}" if media_type == JSON else f"{media_type}-{query.name}"
    tag = etag(job.version, f"step-{k}-{form}")
    return await computation.run(
        lambda: conditional_response(tag, if_none_match, forms[media_type].write),
        DOCUMENT_OPERATIONS,
    )

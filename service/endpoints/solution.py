"""POST /solution."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Response

from core.worked.document import Document
from core.worked.html import html
from core.worked.latex import latex
from core.worked.markdown import markdown
from service.contract import Responses, answers, examples, refusals
from service.dependencies import ComputationOf, LimitsOf
from service.negotiation import JSON, choose
from service.strict_json import StrictJsonRoute
from service.wire.answer import ArrayResponse
from service.wire.solution import SolutionAnswer, SolutionQuestion

router = APIRouter(route_class=StrictJsonRoute, tags=["by hand"])

OPERATIONS = 1e8
"""A solution of the greatest length takes what so many operations of a product would."""
PAPER: dict[str, Callable[[Document], str]] = {
    "text/markdown": markdown,
    "application/x-tex": latex,
    "text/html": html,
}
"""The media types that a document is written in."""
PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"
)
Accept = Annotated[str | None, Header(include_in_schema=False)]


def with_paper(responses: Responses) -> Responses:
    """The answer 200 in the forms of `PAPER` besides."""
    shown = dict(responses.get(200, {}))
    content = shown.get("content", {}) | {
        media_type: {"schema": {"type": "string"}} for media_type in PAPER
    }
    described = {"description": "In the form that `Accept` asks for.", "content": content}
    return responses | {200: shown | described}


def written(document: Document, media_type: str) -> Response:
    """A document in one of the media types of `PAPER`."""
    policy = {"Content-Security-Policy": PAGE_POLICY} if media_type == "text/html" else {}
    return Response(
        PAPER[media_type](document), media_type=media_type, headers={"Vary": "Accept"} | policy
    )


def negotiated(document: Document, answer: Callable[[], Any], media_type: str) -> Response:
    """The document on paper, or the answer as JSON."""
    if media_type == JSON:
        return ArrayResponse(answer(), headers={"Vary": "Accept"})
    return written(document, media_type)


@router.post(
    "/solution",
    response_model=SolutionAnswer,
    responses=with_paper(answers("solution")) | refusals(406, 413, 415, 422, 503),
)
async def post_solution(
    question: Annotated[SolutionQuestion, Body(openapi_examples=examples("solution"))],
    limits: LimitsOf,
    computation: ComputationOf,
    accept: Accept = None,
) -> Response:
    """A computation written out as by hand, every number with its formula.

    The forward pass of a `network` on x, with `y` the loss and the chain rule factor by factor,
    with `eta` one step of descent; or a `relu_system`, row by row. The answer is a list of steps,
    or by `Accept` a document: Markdown with $…$, LaTeX that compiles, or an HTML page.
    """
    media_type = choose(accept, (JSON, *PAPER))
    limits.operations(OPERATIONS)

    def answer() -> Response:
        document = question.document()
        return negotiated(document, lambda: SolutionAnswer.of(document), media_type)

    return await computation.run(answer, OPERATIONS)

"""One result in several media types: the client's `Accept` header chooses (RFC 9110)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.responses import Response

from core.solutions.document import Document
from core.solutions.drawing.diagram import Figure
from service.http.content_negotiation import JSON, PICTURE_TYPES, choose
from service.limits import Limits
from service.representations.documents import DOCUMENT_TYPES, DRAWINGS, VARY, styled_response
from service.serialization.json_writer import ArrayResponse
from service.thread_pool import ComputePool

DOCUMENT_OPERATIONS = 1e8
"""The cost of writing or drawing the longest solution, in operations."""


@dataclass(frozen=True)
class Representation:
    """A response in one media type, and its cost in operations."""

    write: Callable[[], Response]
    operations: float


Representations = Mapping[str, Representation]
"""The representations of one result by media type; the first is the default."""


async def represent(
    accept: str | None, representations: Representations, limits: Limits, computation: ComputePool
) -> Response:
    """Write the representation that `accept` prefers, apart from the event loop.

    Raises `NotAcceptable`, and `LimitExceeded` or `RateLimited` for its operations.
    """
    chosen = representations[choose(accept, representations)]
    limits.operations(chosen.operations)
    return await computation.run(chosen.write, chosen.operations)


async def respond(
    accept: str | None, representations: Representations, computation: ComputePool
) -> Response:
    """Do the same where the operations have been admitted."""
    chosen = representations[choose(accept, representations)]
    return await computation.run(chosen.write, chosen.operations)


def as_json(answer: Callable[[], Any], operations: float) -> Representations:
    """Write the response schema as JSON."""
    return {JSON: Representation(lambda: ArrayResponse(answer(), headers=VARY), operations)}


def as_documents(
    document: Callable[[], Document], operations: float = DOCUMENT_OPERATIONS
) -> Representations:
    """Write a worked solution in every type of `DOCUMENT_TYPES`."""
    return {
        media_type: Representation(partial(_write, render, document, media_type), operations)
        for media_type, render in DOCUMENT_TYPES.items()
    }


def as_drawings(figure: Callable[[], Figure]) -> Representations:
    """Draw a network in every type of `DRAWINGS`."""
    return {
        media_type: Representation(partial(_write, render, figure, media_type), DOCUMENT_OPERATIONS)
        for media_type, render in DRAWINGS.items()
    }


def as_pictures(draw: Callable[[str], bytes], operations: float) -> Representations:
    """Write the picture that `draw` makes of the name of a format, `png` or `svg`."""

    def write(media_type: str) -> Response:
        return Response(draw(PICTURE_TYPES[media_type]), media_type=media_type, headers=VARY)

    return {
        media_type: Representation(partial(write, media_type), operations)
        for media_type in PICTURE_TYPES
    }


def _write(render: Callable[[Any], str], make: Callable[[], Any], media_type: str) -> Response:
    return styled_response(render(make()), media_type)

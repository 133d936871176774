"""Worked solutions and exercise sheets as documents, where `Accept` asks for one."""

from collections.abc import Callable
from typing import Any

from fastapi import Response

from core.solutions.document import Document
from core.solutions.drawing.diagram import Figure
from core.solutions.drawing.svg import svg
from core.solutions.drawing.tikz import tikz
from core.solutions.renderers.html import html
from core.solutions.renderers.latex import latex
from core.solutions.renderers.markdown import markdown
from service.http.content_negotiation import JSON, SVG
from service.limits import Limits
from service.openapi.responses import Responses
from service.serialization.json_writer import ArrayResponse
from service.thread_pool import ComputePool

DOCUMENT_TYPES: dict[str, Callable[[Document], str]] = {
    "text/markdown": markdown,
    "application/x-tex": latex,
    "text/html": html,
}
"""The media types that a document is written in."""
JSON_OR_PAPER = (JSON, *DOCUMENT_TYPES)
DRAWINGS: dict[str, Callable[[Figure], str]] = {
    SVG: lambda figure: svg(figure, "The network with its numbers"),
    "text/x-tikz": tikz,
}
"""The media types in which a network is drawn."""
VARY = {"Vary": "Accept"}
PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"
)
OPERATIONS = 1e8
"""A solution of the greatest length takes what so many operations of a product would."""


def with_paper(responses: Responses, drawings: bool = False) -> Responses:
    """The answer 200 in the forms of `DOCUMENT_TYPES` besides, and in those of `DRAWINGS`."""
    shown = dict(responses.get(200, {}))
    forms = (*DOCUMENT_TYPES, *DRAWINGS) if drawings else DOCUMENT_TYPES
    content = shown.get("content", {}) | {
        media_type: {"schema": {"type": "string"}} for media_type in forms
    }
    described = {"description": "In the form that `Accept` asks for.", "content": content}
    return responses | {200: shown | described}


def render(document: Document, media_type: str) -> Response:
    """A document in one of the media types of `DOCUMENT_TYPES`."""
    return _styled(DOCUMENT_TYPES[media_type](document), media_type)


def negotiated(document: Document, answer: Callable[[], Any], media_type: str) -> Response:
    """The document on paper, or the answer as JSON."""
    if media_type == JSON:
        return ArrayResponse(answer(), headers=VARY)
    return render(document, media_type)


async def document_response(
    solution: Callable[[], Document], media_type: str, limits: Limits, computation: ComputePool
) -> Response:
    """The worked solution, written apart from the event loop."""
    limits.operations(OPERATIONS)
    return await computation.run(lambda: render(solution(), media_type), OPERATIONS)


async def drawing_response(
    figure: Callable[[], Figure], media_type: str, limits: Limits, computation: ComputePool
) -> Response:
    """The network with its numbers in one of the media types of `DRAWINGS`."""
    limits.operations(OPERATIONS)
    return await computation.run(
        lambda: _styled(DRAWINGS[media_type](figure()), media_type), OPERATIONS
    )


def _styled(content: str, media_type: str) -> Response:
    """What a browser shows brings its style with it, and may use it."""
    shown = media_type in ("text/html", SVG)
    policy = {"Content-Security-Policy": PAGE_POLICY} if shown else {}
    return Response(content, media_type=media_type, headers=VARY | policy)

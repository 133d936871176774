"""Worked solutions and exercise sheets as documents, where `Accept` asks for one."""

from collections.abc import Callable

from fastapi import Response

from core.solutions.document import Document
from core.solutions.drawing.diagram import Figure
from core.solutions.drawing.svg import svg
from core.solutions.drawing.tikz import tikz
from core.solutions.renderers.html import html
from core.solutions.renderers.latex import latex
from core.solutions.renderers.markdown import markdown
from service.http.content_negotiation import SVG
from service.openapi.responses import Responses

DOCUMENT_TYPES: dict[str, Callable[[Document], str]] = {
    "text/markdown": markdown,
    "application/x-tex": latex,
    "text/html": html,
}
"""The media types that a document is written in."""
DRAWINGS: dict[str, Callable[[Figure], str]] = {
    SVG: lambda figure: svg(figure, "The network with its numbers"),
    "text/x-tikz": tikz,
}
"""The media types in which a network is drawn."""
VARY = {"Vary": "Accept"}
PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"
)


def with_paper(responses: Responses, drawings: bool = False) -> Responses:
    """Add the media types of `DOCUMENT_TYPES` and of `DRAWINGS` to the declared answer 200."""
    shown = dict(responses.get(200, {}))
    forms = (*DOCUMENT_TYPES, *DRAWINGS) if drawings else DOCUMENT_TYPES
    content = shown.get("content", {}) | {
        media_type: {"schema": {"type": "string"}} for media_type in forms
    }
    described = {"description": "In the media type that `Accept` selects.", "content": content}
    return responses | {200: shown | described}


def styled_response(content: str, media_type: str) -> Response:
    """A response; one that a browser shows carries its own style, and may use it."""
    shown = media_type in ("text/html", SVG)
    policy = {"Content-Security-Policy": PAGE_POLICY} if shown else {}
    return Response(content, media_type=media_type, headers=VARY | policy)

"""A network or an approximation as a file, by `?format=` or by `Accept`."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from starlette.responses import Response

from core.export.file_format import FileFormat, by_media_type
from service.errors import NotAcceptable
from service.http.content_negotiation import JSON, choose
from service.openapi.responses import Responses
from service.representations.documents import VARY
from service.representations.represent import Representation, Representations
from service.schemas.file_formats import JSON_NAME

Content = TypeVar("Content")

FILE_OPERATIONS = 1e8
"""The cost of writing the longest file, in operations."""


def as_files(
    formats: Mapping[str, FileFormat[Content]],
    content: Callable[[], Content],
    stem: str,
    operations: float = 0.0,
) -> Representations:
    """Write `content` in every available format: by its name, and by its media type.

    A media type that several formats have stands for the first. `stem` becomes the name of the
    file that a browser saves.
    """

    def write(file_format: FileFormat[Content]) -> Response:
        name = f"{stem}.{file_format.suffix}"
        disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(
            file_format.write(content()),
            media_type=file_format.media_type,
            headers=VARY | disposition,
        )

    by_name = {
        name: Representation(partial(write, file_format), operations + FILE_OPERATIONS)
        for name, file_format in formats.items()
        if file_format.is_available
    }
    of_types = {media_type: by_name[name] for media_type, name in by_media_type(formats).items()}
    return by_name | of_types


def choose_form(format_name: str | None, accept: str | None, forms: Representations) -> str:
    """The key of the form asked for: by `?format=`, or else by `Accept`.

    Raises `NotAcceptable`, also for a format whose optional dependency is not installed.
    """
    if format_name == JSON_NAME:
        return JSON
    if format_name is None:
        return choose(accept, [form for form in forms if "/" in form])
    if format_name not in forms:
        raise NotAcceptable(
            f"the format {format_name} needs a package that is not installed on the server: "
            "chainrule[export]"
        )
    return format_name


def with_files(responses: Responses, formats: Mapping[str, FileFormat[Any]]) -> Responses:
    """Add the media types of the formats to the declared answer 200."""
    shown = dict(responses.get(200, {}))
    files = {
        file_format.media_type: {"schema": {"type": "string", "format": "binary"}}
        for file_format in formats.values()
    }
    described = {"description": "In the format that `format` or `Accept` selects."}
    return responses | {200: described | shown | {"content": files | shown.get("content", {})}}

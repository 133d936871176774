"""Values of an ASGI scope."""

from collections.abc import Iterable

from starlette.types import Scope


def path_of(scope: Scope) -> str:
    """The path as in the OpenAPI document, without the root path."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    return path[len(root) :] if path == root or path.startswith(root + "/") else path


def get_header(headers: Iterable[tuple[bytes, bytes]], name: bytes, missing: str = "") -> str:
    """The value of the first header with this name, which is in lower case."""
    return next((value.decode("latin-1") for key, value in headers if key == name), missing)

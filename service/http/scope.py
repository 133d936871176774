"""What the head of a request says."""

from collections.abc import Iterable

from starlette.types import Scope


def path_of(scope: Scope) -> str:
    """The path as the contract has it, without what a proxy has put in front."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def get_header(headers: Iterable[tuple[bytes, bytes]], name: bytes, missing: str = "") -> str:
    """The value of a header, whose names ASGI has in lower case."""
    return next((value.decode("latin-1") for key, value in headers if key == name), missing)

"""The path that a request asks for, without what a proxy has put in front."""

from starlette.types import Scope


def path_of(scope: Scope) -> str:
    """As the contract has it."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))

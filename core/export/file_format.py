"""A file format: its media type, the ending of its file names, and its writer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Generic, TypeVar

Content = TypeVar("Content")


@dataclass(frozen=True)
class FileFormat(Generic[Content]):
    """One entry of a table of formats; the key of the table is the name of the format."""

    media_type: str
    suffix: str
    write: Callable[[Content], bytes]
    package: str | None = None
    """An optional dependency that the writer imports."""

    @property
    def is_available(self) -> bool:
        """Whether the optional dependency is installed."""
        return self.package is None or find_spec(self.package) is not None


def by_media_type(formats: Mapping[str, FileFormat[Content]]) -> dict[str, str]:
    """The name of the first available format of each media type."""
    found: dict[str, str] = {}
    for name, file_format in formats.items():
        if file_format.is_available:
            found.setdefault(file_format.media_type, name)
    return found

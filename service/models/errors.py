"""Errors of requests about models."""


class ModelNotFound(Exception):
    """The caller has no model of this name, or the model no such version or alias."""

    def __init__(self, name: str, version: str | int | None = None) -> None:
        of = "" if version is None else f" with a version or alias {version!r}"
        super().__init__(f"there is no model {name!r}{of}")


class ModelConflict(Exception):
    """The state of the model does not allow this; the sentence says what does."""

"""Errors of requests that concern the service rather than the mathematics."""


class NotAcceptable(Exception):
    """The client accepts none of the media types of this answer."""


class UnsupportedMediaType(Exception):
    """The body is of a type, or in an encoding, that is not supported."""


class BodyTooLong(Exception):
    """The body has more bytes than the settings allow."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the body is longer than {limit:,} bytes")


class DatasetNotFound(Exception):
    """No toy set has this name."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"there is no dataset {name!r}; there are {', '.join(known)}")


class StepNotFound(Exception):
    """The job has not made this iteration."""


class ResultNotFound(Exception):
    """The job is of a kind that has no such result."""


class NotFinished(Exception):
    """The job has no result yet, or has ended without one."""


class PreconditionFailed(Exception):
    """The resource has changed since the version in `If-Match`."""

    def __init__(self, tag: str) -> None:
        super().__init__(f"the ETag is {tag} now, which is not in If-Match; nothing was changed")


class NotReady(Exception):
    """The service cannot take work now."""


class Overloaded(Exception):
    """More computations are waiting than the settings allow."""

"""The place in a list of jobs, as a token that means nothing to the client."""

import base64
import binascii

from service.jobs.errors import InvalidCursor


def encode(number: int) -> str:
    """Give the token for the job with this number of acceptance."""
    return base64.urlsafe_b64encode(f"job:{number}".encode()).decode().rstrip("=")


def decode(cursor: str) -> int:
    """Give back the number in a token of `encode`; raise `InvalidCursor` for any other text."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise InvalidCursor(cursor) from error
    digits = text.removeprefix("job:")
    # Canonical, so that one place has one token and no number outgrows the column.
    if not digits.isdecimal() or len(digits) > 18 or encode(int(digits)) != cursor:
        raise InvalidCursor(cursor)
    return int(digits)

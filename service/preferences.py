"""The header `Prefer` (RFC 7240), as far as it is honoured here: `wait=N`."""

import re

MOST_SECONDS = 60


def wait_seconds(prefer: str | None) -> int | None:
    """N of `wait=N`, at most 60; None where the client does not want to wait."""
    for preference in (prefer or "").split(","):
        found = re.fullmatch(r"\s*wait\s*=\s*\"?(\d{1,9})\"?\s*(;.*)?", preference, re.IGNORECASE)
        if found:
            return min(int(found[1]), MOST_SECONDS)
    return None


def applied(seconds: int | None) -> dict[str, str]:
    """The header that says so."""
    return {} if seconds is None else {"Preference-Applied": f"wait={seconds}"}

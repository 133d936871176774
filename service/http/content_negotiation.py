"""Selection of a media type by `Accept` (RFC 9110, section 12.5.1)."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from service.errors import NotAcceptable

JSON, PNG, SVG = "application/json", "image/png", "image/svg+xml"
PICTURE_TYPES = {PNG: "png", SVG: "svg"}
"""The media types of pictures, with the names of their formats."""


def choose(accept: str | None, offers: Iterable[str]) -> str:
    """The offer of the highest quality; among equals the first. No header accepts everything.

    Raises `NotAcceptable` when every offer has quality 0.
    """
    return _chosen(accept, tuple(offers))


@lru_cache(maxsize=64)  # 0.2 µs in place of 42 µs, of 330 µs for a small /forward
def _chosen(accept: str | None, offers: tuple[str, ...]) -> str:
    listed = [part for part in (accept or "").split(",") if part.strip()]
    ranges = [_media_range(part) for part in listed or ["*/*"]]
    quality = {offer: _quality(offer, ranges) for offer in offers}
    best = max(offers, key=lambda offer: quality[offer])
    if quality[best] <= 0.0:
        raise NotAcceptable(
            f"the available media types are {', '.join(offers)}; Accept was {accept}"
        )
    return best


def _media_range(text: str) -> tuple[str, float]:
    media, *parameters = (part.strip().lower() for part in text.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            return media, _number(value)
    return media, 1.0


def _number(text: str) -> float:
    digits = text.strip().replace(".", "", 1)
    return min(float(text), 1.0) if digits.isascii() and digits.isdigit() else 0.0


def _quality(offer: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The quality of the most specific range that covers the offer."""
    for covering in (offer, offer.split("/")[0] + "/*", "*/*"):
        for media, quality in ranges:
            if media == covering:
                return quality
    return 0.0

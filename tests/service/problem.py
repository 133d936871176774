"""What every refusal has to look like."""

from service.http.problems import PHRASES

KEYS = {"type", "title", "status", "detail", "errors"}


def problem(response, status: int) -> dict:
    """The problem document of a response, checked to be one (RFC 9457)."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document = response.json()
    assert document.keys() == KEYS
    assert document["status"] == status
    assert document["type"] == "about:blank" or document["type"].startswith(
        "urn:chainrule:problem:"
    )
    if document["type"] == "about:blank":
        assert document["title"] == PHRASES[status]
    assert document["detail"]
    for error in document["errors"]:
        assert error.keys() == {"pointer", "detail"}
        assert error["detail"]
    return document


def refusal(response, status: int, pointer: str, *words: str) -> None:
    """A refusal of one thing, at `pointer`, whose sentence has all the words."""
    (error,) = problem(response, status)["errors"]
    assert error["pointer"] == pointer
    for word in words:
        assert word in error["detail"]

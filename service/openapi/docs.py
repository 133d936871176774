"""GET /docs: Swagger UI, served whole from this package."""

from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

STATIC = Path(__file__).parents[1] / "static"

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        # Swagger UI's style sheet holds its icons as data, and shows a PNG answer from a blob.
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

router = APIRouter()


def _whole(scope: Scope) -> Scope:
    """Without `Range`, which may be ignored (RFC 9110, 14.2): a wrong one would be no problem."""
    return {**scope, "headers": [header for header in scope["headers"] if header[0] != b"range"]}


class Page(FileResponse):
    """A file, always all of it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        await super().__call__(_whole(scope), receive, send)


class Files(StaticFiles):
    """Files, each always all of it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send one of them."""
        await super().__call__(_whole(scope), receive, send)


@router.get("/docs", include_in_schema=False)
def docs() -> Page:
    """Serve the page; its addresses are relative, so that it works under any root path."""
    return Page(STATIC / "docs.html", headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY})


def add_docs(app: FastAPI) -> None:
    """Give an application made with `docs_url=None` the page and the files it needs."""
    app.include_router(router)
    app.mount("/static", Files(directory=STATIC), name="static")

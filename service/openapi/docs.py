"""GET /docs: Swagger UI, served whole from this package."""

from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import Response

from service.http.static_files import REVALIDATE, StaticFiles, files_below

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


@router.get("/docs", include_in_schema=False)
async def docs(request: Request) -> Response:
    """Serve the page; its addresses are relative, so that it works under any root path."""
    policy = {"Content-Security-Policy": CONTENT_SECURITY_POLICY}
    return await files_below(STATIC)["docs.html"].response(request.scope, REVALIDATE, policy)


def add_docs(app: FastAPI) -> None:
    """Give an application made with `docs_url=None` the page and the files it needs."""
    app.include_router(router)
    app.mount("/static", StaticFiles(STATIC), name="static")

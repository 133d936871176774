"""GET /docs: Swagger UI, served whole from this package."""

from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse
from starlette.staticfiles import StaticFiles

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
def docs() -> FileResponse:
    """Serve the page; its addresses are relative, so that it works under any root path."""
    return FileResponse(
        STATIC / "docs.html", headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY}
    )


def add_docs(app: FastAPI) -> None:
    """Give an application made with `docs_url=None` the page and the files it needs."""
    app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")

"""GET /: the browser page of the service, and its files."""

import posixpath
import re
from functools import cache
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import Response

from service.http.static_files import (
    IMMUTABLE,
    REVALIDATE,
    StaticFile,
    StaticFiles,
    digest_of,
    files_below,
)

FILES = Path(__file__).parents[1] / "static" / "page"

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

IMPORT = re.compile(r'^import .*? from "(\.[^"]+)";$', re.MULTILINE)

router = APIRouter()


def modules_of(entry: str) -> set[str]:
    """The modules that a module imports, and those that they import: one round trip for all."""
    found: set[str] = set()
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            text = files_below(FILES)[name].content.decode()
            folder = posixpath.dirname(name)
            waiting += (
                posixpath.normpath(posixpath.join(folder, to)) for to in IMPORT.findall(text)
            )
    return found


@cache
def index() -> StaticFile:
    """The page, with the addresses of the files as they are now.

    Every file is below one directory whose name has the digest of all of them, so that modules can
    import one another by relative names and browsers may cache them without a time limit.
    """
    text = files_below(FILES)["index.html"].content.decode()
    modules = sorted(modules_of("main.js"))
    preload = "\n".join(f'<link rel="modulepreload" href="static/page/{name}">' for name in modules)
    text = text.replace("<!-- modulepreload -->", preload)
    text = text.replace("static/page/", f"static/page-{digest_of(FILES)}/")
    return StaticFile(text.encode(), "text/html")


@router.get("/", include_in_schema=False)
async def page(request: Request) -> Response:
    """Serve the page; its addresses are relative, so that it works under any root path."""
    policy = {"Content-Security-Policy": CONTENT_SECURITY_POLICY}
    return await index().response(request.scope, REVALIDATE, policy)


def add_page(app: FastAPI) -> None:
    """Give the application its page; before the other static files are mounted."""
    app.include_router(router)
    app.mount(f"/static/page-{digest_of(FILES)}", StaticFiles(FILES, IMMUTABLE), name="page")

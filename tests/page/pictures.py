"""Every view in three widths, compared with small pictures of how it should be.

    python -m tests.page.pictures            # compare; exit status 1 where a view differs
    python -m tests.page.pictures --write    # take the views as they are now
    python -m tests.page.pictures --full DIR # whole pictures, to look at

The pictures that are kept are grey and a quarter of the size: they show layout and weight, and
depend little on how a machine draws letters.
"""

import argparse
import io
import logging
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import structlog
from PIL import Image
from playwright.sync_api import sync_playwright

from service.app import create_app
from service.settings import Settings
from tests.browser import FLAGS, chromium_path, listening
from tests.page.conftest import Visit

FOLDER = Path(__file__).parent / "pictures"
WIDTHS = (1280, 820, 390)
VIEWS = (
    "by-hand", "check", "train", "models", "approximate", "exercises", "lesson/1/3", "lesson/2/2",
)  # fmt: skip
READY = {"train": ".player .note math", "models": ".confusion"}
"""What is shown when the training of a view has ended and its numbers are there."""
SMALLER = 4
MAX_DIFFERENCE = 4.0
"""Of the mean over a tile, out of 255 levels."""
TILE = 16
HIDDEN = ".asked, .request pre { visibility: hidden } * { caret-color: transparent !important }"


def taken(views: tuple[str, ...], widths: tuple[int, ...]) -> Iterator[tuple[str, Image.Image]]:
    """Open each view and yield its name and its picture."""
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        settings = Settings(database_url=f"sqlite:///{data}/chainrule.db")
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
        with listening(create_app(settings)) as origin:
            context = browser.new_context(reduced_motion="reduce", bypass_csp=True)
            visit = Visit(context.new_page(), origin)
            for view in views:
                for width in widths:
                    visit.page.set_viewport_size({"width": width, "height": 900})
                    visit.open(f"?{width}#{view}")
                    visit.page.locator(READY.get(view, "main h1")).first.wait_for(state="attached")
                    visit.settle()
                    visit.page.add_style_tag(content=HIDDEN)
                    visit.page.evaluate("document.fonts.ready.then(() => true)")
                    content = visit.page.screenshot(full_page=True)
                    name = f"{view.replace('/', '-')}-{width}"
                    yield name, Image.open(io.BytesIO(content)).convert("RGB")
            context.close()
        browser.close()


def small(picture: Image.Image) -> Image.Image:
    """Reduce a picture to what is compared."""
    size = (picture.width // SMALLER, picture.height // SMALLER)
    return picture.convert("L").resize(size, Image.Resampling.BOX)


def difference(one: Image.Image, other: Image.Image) -> float:
    """The largest difference of the means of a tile; 255 where the sizes are not alike."""
    if one.width != other.width or abs(one.height - other.height) > 1:
        return 255.0
    height = min(one.height, other.height) // TILE * TILE
    width = one.width // TILE * TILE
    apart = np.asarray(one, float)[:height, :width] - np.asarray(other, float)[:height, :width]
    tiles = apart.reshape(height // TILE, TILE, width // TILE, TILE).mean(axis=(1, 3))
    return float(np.abs(tiles).max())


def main() -> int:
    """Compare, write or show."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--full", type=Path)
    parser.add_argument("--view", choices=VIEWS, action="append")
    parser.add_argument("--width", type=int, action="append")
    arguments = parser.parse_args()
    differing = 0
    views, widths = arguments.view or VIEWS, arguments.width or WIDTHS
    for name, picture in taken(tuple(views), tuple(widths)):
        if arguments.full:
            picture.save(arguments.full / f"{name}.png")
            continue
        path = FOLDER / f"{name}.png"
        if arguments.write:
            FOLDER.mkdir(exist_ok=True)
            small(picture).quantize(16).save(path, optimize=True)
            continue
        apart = difference(small(picture).quantize(16).convert("L"), Image.open(path).convert("L"))
        differing += apart > MAX_DIFFERENCE
        sys.stdout.write(f"{name:20} {apart:6.1f}{'  differs' if apart > MAX_DIFFERENCE else ''}\n")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())

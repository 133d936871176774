"""Make the first picture of the page, which needs no script, and the picture in the README.

    chainrule serve & python tools/page_pictures.py http://127.0.0.1:8000

Writes the drawing of the golden network into `service/static/page/index.html`, between its two
comments, and `docs/pictures/page.png`. Needs Chromium.
"""

import re
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
INDEX = ROOT / "service" / "static" / "page" / "index.html"
PICTURE = ROOT / "docs" / "pictures" / "page.png"
BETWEEN = re.compile(r"(?<=<!-- first picture -->\n).*(?=\n<!-- end -->)", re.DOTALL)
STATIC = """() => {
  const page = document.getElementById("page").cloneNode(true);
  page.querySelectorAll(".chips, .side, .ribbon, .strip, .tools button, .touch, .reach").forEach(
    e => e.remove());
  for (const e of page.querySelectorAll(".numeral"))
    for (const name of ["role", "tabindex", "aria-label", "data-pointer"]) e.removeAttribute(name);
  page.querySelectorAll("[style]").forEach(e => e.removeAttribute("style"));
  page.querySelector("svg.drawing").setAttribute("role", "img");
  page.querySelector(".lead p").textContent = "Every number of a small network.";
  return page.innerHTML.replace(/>\\s+</g, "><").replace(/ class=""/g, "");
}"""


def main(address: str) -> None:
    """Open the page, and keep what it shows."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
        page.goto(f"{address}/#by-hand")
        page.wait_for_selector(".worked .answer")
        drawn = page.evaluate(STATIC)
        for _ in range(3):
            page.keyboard.press("ArrowRight")
        page.wait_for_load_state("networkidle")
        page.screenshot(path=PICTURE)
        browser.close()
    INDEX.write_text(BETWEEN.sub(lambda _: drawn, INDEX.read_text()))


if __name__ == "__main__":
    main(sys.argv[1])

"""SVG whose text is text and whose bytes depend on nothing but the figure.

matplotlib decides both by process-wide settings (svg.fonttype, svg.hashsalt), which another thread
may be using; a renderer of our own decides them for one picture.
"""

import hashlib
from io import StringIO
from typing import Any

from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure


class _TextRenderer(RendererSVG):
    """Writes words as words, and names shapes by their content."""

    def _make_id(self, kind: str, content: object) -> str:
        return kind + hashlib.sha256(str(content).encode()).hexdigest()[:10]

    def draw_text(self, gc: Any, *where: Any, **how: Any) -> None:
        as_text: Any = self._draw_text_as_text
        as_text(gc, *where, **how)


# matplotlib states no types for its renderers.
_renderer: Any = _TextRenderer
_mixed_renderer: Any = MixedModeRenderer


def svg(figure: Figure) -> bytes:
    """Write a figure as SVG; its label becomes the title that screen readers speak."""
    buffer = StringIO()
    image_dpi = figure.dpi
    width, height = figure.get_size_inches()
    figure.dpi = 72  # lengths in SVG are points
    page = _renderer(
        72 * width,
        72 * height,
        buffer,
        image_dpi=image_dpi,
        metadata={"Title": str(figure.get_label()), "Creator": None, "Date": None},
    )
    renderer = _mixed_renderer(figure, width, height, image_dpi, page)
    figure.draw(renderer)
    renderer.finalize()
    return buffer.getvalue().replace("<svg ", '<svg role="img" ', 1).encode()

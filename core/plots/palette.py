"""Colours that people with any colour vision can distinguish.

Masataka Okabe and Kei Ito, Color Universal Design (2008), https://jfly.uni-koeln.de/color/; the
continuous map is cividis: Nuñez, Anderton and Renslow, PLOS ONE 13 (2018), e0199239. The categories
from the eighth on are of Paul Tol's muted scheme, https://sronpersonalpages.nl/~pault/.
"""

from matplotlib import colormaps
from matplotlib.colors import Colormap, LinearSegmentedColormap, to_hex, to_rgb

INK = "#222222"
GREY = "#767676"
FAINT = "#dddddd"

BLUE = "#0072b2"
VERMILLION = "#d55e00"
GREEN = "#009e73"
PURPLE = "#cc79a7"
ORANGE = "#e69f00"
SKY = "#56b4e9"
YELLOW = "#f0e442"

INDIGO = "#332288"
WINE = "#882255"
OLIVE = "#999933"
BLACK = "#000000"
ROSE = "#cc6677"

CATEGORIES = (
    BLUE,
    VERMILLION,
    GREEN,
    PURPLE,
    ORANGE,
    SKY,
    YELLOW,
    INDIGO,
    WINE,
    OLIVE,
    BLACK,
    ROSE,
)
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "p", "*", "h")

CONTINUOUS: Colormap = colormaps["cividis"]


def category(index: int, count: int) -> str:
    """Give the colour of one of `count` categories; beyond twelve, steps of the continuous map."""
    if count <= len(CATEGORIES):
        return CATEGORIES[index]
    return to_hex(CONTINUOUS(index / (count - 1)))


def marker(index: int) -> str:
    """Give the marker of a category, so that no reader depends on its colour."""
    return MARKERS[index % len(MARKERS)]


def tint(colour: str, strength: float) -> str:
    """Mix a colour with white: strength 1 leaves it, 0 is white."""
    red, green, blue = (1.0 - strength * (1.0 - part) for part in to_rgb(colour))
    return to_hex((red, green, blue))


BETWEEN_TWO_CLASSES = LinearSegmentedColormap.from_list(
    "blue_to_vermillion", [tint(BLUE, 0.5), "#f7f7f7", tint(VERMILLION, 0.5)]
)
"""From class 0 to class 1, palest where the network cannot decide."""

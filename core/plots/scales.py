"""Logarithmic axes with ticks that need no mathematical typesetting.

matplotlib's own ticks for powers of ten go through its TeX parser, which keeps its state in the
process; plain superscripts do not.
"""

import math

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def power_of_ten(value: float, _: int | None = None) -> str:
    """Write 0.001 as 10⁻³."""
    return f"10{str(round(math.log10(value))).translate(SUPERSCRIPTS)}"


def logarithmic_y(axes: Axes) -> None:
    """Make the vertical axis logarithmic; numbers that are not positive leave no mark."""
    axes.set_yscale("log", nonpositive="mask")
    axes.yaxis.set_major_locator(LogLocator(base=10.0, numticks=9))
    axes.yaxis.set_major_formatter(FuncFormatter(power_of_ten))
    axes.yaxis.set_minor_formatter(NullFormatter())

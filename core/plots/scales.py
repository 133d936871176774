"""Logarithmic axes with ticks that need no mathematical typesetting.

matplotlib's own ticks for powers of ten go through its TeX parser, which keeps its state in the
process; plain superscripts do not.
"""

import math

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from core.arrays import Array
from core.plots.extent import LARGEST

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def power_of_ten(value: float, _: int | None = None) -> str:
    """Write 0.001 as 10⁻³."""
    return f"10{str(round(math.log10(value))).translate(SUPERSCRIPTS)}"


def exponents(values: Float[Array, "*shape"]) -> Float[Array, "drawable"]:
    """Take log10 of those values that a logarithmic axis can show, from 1e-100 to 1e100."""
    return np.log10(values[(values >= 1.0 / LARGEST) & (values <= LARGEST)])


def logarithmic_y(axes: Axes, values: Float[Array, "*shape"]) -> None:
    """Make the vertical axis logarithmic around the values it can show, if there are any.

    Lines run out of the picture towards the values it cannot: 0 below, infinity above.
    """
    powers = exponents(values)
    if not len(powers):
        return
    margin = max(0.05 * float(np.ptp(powers)), 0.1)
    # The limits come first: the change of scale would look for its own, among all numbers.
    axes.set_ylim(10.0 ** (powers.min() - margin), 10.0 ** (powers.max() + margin))
    axes.set_yscale("log", nonpositive="clip")
    axes.yaxis.set_major_locator(LogLocator(base=10.0, numticks=9))
    axes.yaxis.set_major_formatter(FuncFormatter(power_of_ten))
    axes.yaxis.set_minor_formatter(NullFormatter())

"""Gates made narrower so that a polyline through them keeps the shape of the data.

A monotone polyline through gates with monotone ends, a convex one through gates with convex upper
ends: the extreme lines of `links` rise, or bend upwards, by themselves. Nothing is lost: a monotone
polyline is never below an earlier floor, a convex one never above a chord of the ceilings.
"""

import numpy as np
from jaxtyping import Float64

from core.arrays import Array


def keep_shape(
    x: Float64[Array, "n"],
    y: Float64[Array, "n"],
    lower: Float64[Array, "n"],
    upper: Float64[Array, "n"],
) -> tuple[Float64[Array, "n"], Float64[Array, "n"]]:
    """Return the gates that every polyline passes which is monotone or convex if the data are."""
    rises = np.diff(y)
    if (rises >= 0.0).all():
        lower, upper = np.maximum.accumulate(lower), np.minimum.accumulate(upper[::-1])[::-1]
    elif (rises <= 0.0).all():
        lower, upper = np.maximum.accumulate(lower[::-1])[::-1], np.minimum.accumulate(upper)
    bends = np.diff(rises / np.diff(x))
    if (bends >= 0.0).all():
        upper = convex_envelope(x, upper)
    elif (bends <= 0.0).all():
        lower = -convex_envelope(x, -lower)
    return lower, upper


def convex_envelope(x: Float64[Array, "n"], y: Float64[Array, "n"]) -> Float64[Array, "n"]:
    """Return the largest convex function below all points, at every x."""
    if (np.diff(np.diff(y) / np.diff(x)) >= 0.0).all():
        return y
    hull: list[int] = []
    for i, (at, height) in enumerate(zip(x.tolist(), y.tolist(), strict=True)):
        while len(hull) >= 2:
            p, q = hull[-2], hull[-1]
            if (y[q] - y[p]) * (at - x[p]) < (height - y[p]) * (x[q] - x[p]):
                break
            hull.pop()
        hull.append(i)
    return np.asarray(np.interp(x, x[hull], y[hull]))

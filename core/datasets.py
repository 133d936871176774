"""Toy data sets for classification in the plane, as one table."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from jaxtyping import Float64

from core.arrays import Array, require_finite
from core.errors import OutOfDomain, UnknownName
from core.nn.elementary.circle import points_of_circle

MARGIN = 0.1
"""Distance that xor and linear keep from the lines between their classes when there is no noise."""

LINE_NORMAL = (0.6, 0.8)
"""Unit normal of the line through the origin that separates the classes of `linear`."""

SPIRAL_TURNS = 1.5
"""How often an arm of `spirals` winds around the origin."""

Draw = Callable[[int, int, int, np.random.Generator], Array]


@dataclass(frozen=True)
class Dataset:
    """A toy set; `draw(label, count, classes, generator)` gives one class without noise."""

    name: str
    title: str
    description: str
    draw: Draw
    max_classes: int = 2

    def make(
        self, samples: int, noise: float, generator: np.random.Generator, classes: int = 2
    ) -> tuple[Float64[Array, "samples 2"], Float64[Array, "samples outputs"]]:
        """Draw x and y in shuffled order, the classes equally often to within one sample.

        `noise` is the standard deviation of Gaussian noise on each coordinate of x. Two classes
        make y (samples, 1) of 0 and 1; more make it one-hot. Equal generators give equal sets.
        Raises `OutOfDomain` unless noise >= 0, 2 <= classes <= `max_classes` and
        samples >= classes, and `NotFinite` when the noise leaves the floating-point numbers.
        """
        self._require(samples, noise, classes)
        counts = [(samples + label) // classes for label in range(classes)]
        x = np.vstack([self.draw(k, count, classes, generator) for k, count in enumerate(counts)])
        labels = np.repeat(np.arange(classes), counts)
        x += generator.normal(scale=noise, size=x.shape)
        require_finite(x, "x", ("noise",))
        order = generator.permutation(samples)
        return x[order], _targets(labels[order], classes)

    def _require(self, samples: int, noise: float, classes: int) -> None:
        if not 2 <= classes <= self.max_classes:
            allowed = "2" if self.max_classes == 2 else f"2 to {self.max_classes}"
            raise OutOfDomain(f"{self.name} has {allowed} classes, got {classes}", ("classes",))
        if samples < classes:
            raise OutOfDomain(
                f"samples is {samples}, but {classes} classes need at least {classes}", ("samples",)
            )
        if not 0.0 <= noise < math.inf:
            raise OutOfDomain(f"noise is {noise}, expected a number of at least 0", ("noise",))


def dataset(name: str) -> Dataset:
    """Find a row of `DATASETS`; raises `UnknownName` with the names there are."""
    if name not in DATASETS:
        raise UnknownName(f"no dataset {name!r}; there are {', '.join(DATASETS)}", ("name",))
    return DATASETS[name]


def _targets(labels: Array, classes: int) -> Array:
    if classes == 2:
        return labels.reshape(-1, 1).astype(np.float64)
    one_hot: Array = np.eye(classes)[labels]
    return one_hot


def _moons(label: int, count: int, _: int, __: np.random.Generator) -> Array:
    """Two half circles of radius 1; the second is the first turned about (1/2, 1/4)."""
    moon = points_of_circle(np.linspace(0.0, 0.5, count))
    return moon if label == 0 else np.array([1.0, 0.5]) - moon


def _circles(label: int, count: int, _: int, __: np.random.Generator) -> Array:
    """Radius 1 for label 0, radius 1/2 for label 1."""
    return (1.0 - 0.5 * label) * points_of_circle(np.arange(count) / count)


def _xor(label: int, count: int, _: int, generator: np.random.Generator) -> Array:
    """Uniform in the square |x_i| <= 1; label 1 where the signs of the coordinates differ."""
    first = np.where(np.arange(count) % 2 == 0, 1.0, -1.0)
    signs = np.column_stack([first, first if label == 0 else -first])
    points: Array = signs * generator.uniform(MARGIN, 1.0, (count, 2))
    return points


def _spirals(label: int, count: int, _: int, __: np.random.Generator) -> Array:
    """Two Archimedean arms, radius proportional to angle, the second the first turned by pi."""
    # The root spaces the points evenly along the arm, whose length grows with the angle squared.
    radius = np.sqrt(np.arange(1, count + 1) / count)
    return radius[:, None] * points_of_circle(SPIRAL_TURNS * radius + 0.5 * label)


def _blobs(label: int, count: int, classes: int, _: np.random.Generator) -> Array:
    """Repeat the centre, on the unit circle; all the spread of a blob is its noise."""
    return np.tile(points_of_circle(np.array([label / classes])), (count, 1))


def _linear(label: int, count: int, _: int, generator: np.random.Generator) -> Array:
    """Uniform on both sides of a line: 0.6 x1 + 0.8 x2 is at least the margin for label 1."""
    normal = np.array(LINE_NORMAL)
    along = generator.uniform(-1.0, 1.0, (count, 1))
    distance = generator.uniform(MARGIN, 1.0, (count, 1)) * (1.0 if label == 1 else -1.0)
    points: Array = distance * normal + along * np.array([-normal[1], normal[0]])
    return points


DATASETS: Mapping[str, Dataset] = MappingProxyType(
    {
        row.name: row
        for row in (
            Dataset("moons", "Moons", "Two interleaved half circles.", _moons),
            Dataset(
                "circles", "Circles", "A circle of radius 1/2 inside one of radius 1.", _circles
            ),
            Dataset("xor", "Exclusive or", "Opposite quadrants of a square belong together.", _xor),
            Dataset("spirals", "Spirals", "Two arms that wind around each other.", _spirals),
            Dataset("blobs", "Blobs", "Gaussian clouds around points of a circle.", _blobs, 10),
            Dataset("linear", "Linear", "Two sides of the line 0.6 x1 + 0.8 x2 = 0.", _linear),
        )
    }
)

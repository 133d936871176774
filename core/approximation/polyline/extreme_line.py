"""The line that rises most between floors and ceilings, while more of them come from the left."""

from __future__ import annotations

from core.approximation.polyline.polyline import Line, Number


class ExtremeLine:
    """The line that rises most: above `floors` on its left part, below `ceilings` on its right.

    The upper convex hull of the floors is kept as a stack; the contact on it only moves right, so
    everything left of it is forgotten, and all work together is linear.
    """

    __slots__ = ("at_x", "at_y", "ceilings", "contact", "floors", "hull", "right", "slope", "x")

    def __init__(self, x: list[Number], floors: list[Number], ceilings: list[Number]) -> None:
        self.x, self.floors, self.ceilings = x, floors, ceilings
        self.hull: list[int] = []
        self.restart(0)
        self.raise_floor(0)

    def restart(self, i: int) -> None:
        """Forget all gates left of i: right of it any slope is possible, which None stands for."""
        self.hull = []
        self.contact, self.right = 0, i
        self.at_x, self.at_y = self.x[i], self.ceilings[i]
        self.slope: Number = None

    def misses(self, i: int) -> bool:
        """Return whether even this line stays below gate i."""
        slope = self.slope
        if slope is None:
            return False
        return bool(self.floors[i] > self.at_y + slope * (self.x[i] - self.at_x))

    def lower_to(self, i: int) -> None:
        """Turn the line down under the ceiling of gate i, around the hull of the floors."""
        x, y = self.x[i], self.ceilings[i]
        if self.slope is not None and y >= self.at_y + self.slope * (x - self.at_x):
            return
        hull, contact = self.hull, self.contact
        slope = (y - self.floors[hull[contact]]) / (x - self.x[hull[contact]])
        while contact + 1 < len(hull):
            next_slope = (y - self.floors[hull[contact + 1]]) / (x - self.x[hull[contact + 1]])
            if next_slope > slope:
                break
            contact, slope = contact + 1, next_slope
        self.contact, self.right = contact, i
        self.at_x, self.at_y, self.slope = x, y, slope

    def raise_floor(self, i: int) -> None:
        """Add the floor of gate i to the hull."""
        x, y, hull = self.x, self.floors, self.hull
        while len(hull) - self.contact >= 2:
            p, q = hull[-2], hull[-1]
            if (y[q] - y[p]) * (x[i] - x[p]) > (y[i] - y[p]) * (x[q] - x[p]):
                break
            hull.pop()
        hull.append(i)

    @property
    def line(self) -> Line:
        """The line as a value."""
        return Line(self.at_x, self.at_y, self.slope)

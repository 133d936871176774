"""A student with a pocket calculator, who rounds every single result and goes on with it."""

from decimal import Decimal

import numpy as np

from core.solutions.rounding import Rounding, as_decimals, as_floats


class PenAndPaper:
    """Sigmoid networks and the squared loss, one sample at a time; shares no formula with us."""

    def __init__(self, rounding: Rounding) -> None:
        self.note = rounding.rounded

    def sheet(self, layers, x, y):
        """Everything a backpropagation writes down, as floats by place."""
        x, y = as_decimals(x), as_decimals(y)
        written, xs = {}, [x]
        parameters = [(as_decimals(one.weights), as_decimals(one.biases)) for one in layers]
        for number, (weights, biases) in enumerate(parameters):
            s = [self.weighed(w, xs[-1], b) for w, b in zip(weights, biases, strict=True)]
            xs.append([self.sigmoid(one) for one in s])
            written["layers", number, "s"] = s
            written["layers", number, "x"] = xs[-1]
        d_x = [self.note(one - target) for one, target in zip(xs[-1], y, strict=True)]
        squares = [self.note(one * one) for one in d_x]
        written["loss",] = self.note(sum(squares) / 2)
        for number in reversed(range(len(layers))):
            slope = [self.note(one * (1 - one)) for one in xs[number + 1]]
            delta = [self.note(g * one) for g, one in zip(d_x, slope, strict=True)]
            written["layers", number, "x_gradient"] = d_x
            written["layers", number, "slope"] = slope
            written["layers", number, "delta"] = delta
            written["layers", number, "weights_gradient"] = [
                [self.note(d * one) for one in xs[number]] for d in delta
            ]
            written["layers", number, "biases_gradient"] = delta
            weights = parameters[number][0]
            d_x = [self.weighed(column, delta, Decimal(0)) for column in weights.T]
        written["x_gradient",] = d_x
        return {place: as_floats(np.array(numbers)) for place, numbers in written.items()}

    def weighed(self, weights, x, bias):
        total = Decimal(0)
        for w, one in zip(weights, x, strict=True):
            total = self.note(total + self.note(w * one))
        return self.note(total + bias)

    def sigmoid(self, s):
        return self.note(1 / (1 + self.note((-s).exp())))

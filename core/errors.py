"""Errors of the mathematics: each names what is wrong, with the numbers and the place."""

Place = tuple[str | int, ...]

BEYOND_WORDS = 10**18
"""Larger numbers are not written out: an integer in JSON may have thousands of digits."""


def counted(number: int, noun: str, plural: str = "") -> str:
    """The number with its noun, as "1 sample" or "2 samples"; `plural` is for other endings."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


class MathematicalError(ValueError):
    """A request that has no answer; `detail` is a sentence with the numbers.

    `place` is the path to the wrong number, by the names of the request:
    `("network", "layers", 1, "weights")`.
    """

    def __init__(self, detail: str, place: Place = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.place = place

    def __reduce__(self) -> tuple[type, tuple[str, Place]]:
        # Errors of worker processes are pickled.
        return type(self), (self.detail, self.place)


class ShapeMismatch(MathematicalError):
    """Two lengths that must be equal differ."""


class OutOfDomain(MathematicalError):
    """A number outside the domain of the function or parameter."""


class Jump(MathematicalError):
    """A discontinuity larger than the tolerance: no continuous function is close enough."""


class LimitExceeded(MathematicalError):
    """A request larger than its budget allows; the sentence has both numbers."""

    @staticmethod
    def require(
        asked: float | int, allowed: float | int, what: str, place: Place = (), advice: str = ""
    ) -> None:
        """Raise `LimitExceeded` where `asked` is more than `allowed`."""
        if asked > allowed:
            given = f"{asked:,.0f}" if asked < BEYOND_WORDS else "more than 10^18"
            verb = "is" if allowed == 1 else "are"
            raise LimitExceeded(
                f"{given} {what}; at most {allowed:,.0f} {verb} allowed{advice}", place
            )


class NotFinite(MathematicalError):
    """A result outside the range of floating-point numbers, or NaN."""


class UnknownName(MathematicalError):
    """A name that no table contains."""


class InvalidFormula(MathematicalError):
    """A formula with a syntax error; the sentence names the character."""


class InvalidFile(MathematicalError):
    """A file that holds no network; the sentence says what is missing or wrong in it."""


class InvalidGrid(MathematicalError):
    """Grid points that are too few, not increasing or outside the interval."""


class Diverged(MathematicalError):
    """A training whose loss is no longer finite; raised by running jobs only."""

    @staticmethod
    def after(iterations: int, loss: float, eta: float) -> "Diverged":
        """The error for a `loss` of inf or NaN after `iterations` steps of size `eta`."""
        return Diverged(
            f"the loss is {loss} after {counted(iterations, 'iteration')} "
            f"with eta = {eta:g}: try a lower eta"
        )


class ArithmeticUnavailable(MathematicalError):
    """A training whose arithmetic is not installed here; another one would give other bits."""


class TooLong(MathematicalError):
    """A worked solution or drawing too long for a page; the sentence says how long."""

"""What can be wrong with the mathematics of a question, named for what happened."""

Place = tuple[str | int, ...]

BEYOND_WORDS = 10**18
"""An integer of JSON may have thousands of digits, more than a float or a sentence holds."""


class MathematicalError(ValueError):
    """A question that has no answer; the sentence carries the numbers.

    `place` leads from the question to the number that is wrong, by the names of section 2 of the
    design: `("network", "layers", 1, "weights")`.
    """

    def __init__(self, detail: str, place: Place = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.place = place

    def __reduce__(self) -> tuple[type, tuple[str, Place]]:
        # A worker process hands its errors over by value.
        return type(self), (self.detail, self.place)


class ShapeMismatch(MathematicalError):
    """Two lengths that have to agree do not."""


class OutOfDomain(MathematicalError):
    """A number outside the set on which the function is defined."""


class Jump(MathematicalError):
    """A function that nothing continuous follows within the tolerance."""


class LimitExceeded(MathematicalError):
    """A request larger than its budget allows; the sentence has both numbers."""

    @staticmethod
    def require(
        asked: float | int, allowed: float | int, what: str, place: Place = (), advice: str = ""
    ) -> None:
        """Raise `LimitExceeded` where `asked` is more than `allowed`."""
        if asked > allowed:
            given = f"{asked:,.0f}" if asked < BEYOND_WORDS else "more than 10^18"
            raise LimitExceeded(
                f"{given} {what}; at most {allowed:,.0f} are allowed{advice}", place
            )


class NotFinite(MathematicalError):
    """A result beyond the range of the floating-point numbers, or not a number."""


class UnknownName(MathematicalError):
    """A name that stands in no table of ours."""


class InvalidFormula(MathematicalError):
    """A formula that is not understood; the sentence names the character."""


class InvalidFile(MathematicalError):
    """A file that holds no network; the sentence says what is missing or wrong in it."""


class InvalidGrid(MathematicalError):
    """Points that are too few, not increasing or outside the interval."""


class Diverged(MathematicalError):
    """Training whose loss left the floating-point numbers; it can only end a running job."""

    @staticmethod
    def after(iterations: int, loss: float, eta: float) -> "Diverged":
        """The loss after so many iterations with that step size is `loss`, inf or nan."""
        return Diverged(
            f"the loss is {loss} after {iterations} iterations with eta = {eta:g}: try a lower eta"
        )


class TooLong(MathematicalError):
    """A worked solution or a drawing that no page would hold; the sentence says how long."""

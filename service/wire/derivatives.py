"""f′ and f″ as formulas that can be asked about in their turn."""

from dataclasses import dataclass

from core.approximation.expression import Formula, slope_of


@dataclass(frozen=True)
class DerivativesAnswer:
    """In the language of `function`; null where the text would be longer than 5000 characters."""

    first: str | None
    second: str | None

    @staticmethod
    def of(function: Formula | None) -> "DerivativesAnswer | None":
        """Differentiate twice; a table has nothing to differentiate."""
        if function is None:
            return None
        slope = slope_of(function)
        return DerivativesAnswer(slope.text, slope_of(slope).text)

"""How numbers are rounded on paper: to a number of decimals or of significant digits."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from core.solutions.rounding import MAX_DIGITS, Rounding
from service.schemas.request_model import RequestModel

SHEET_DECIMALS = 3
"""Of an exercise sheet for which nothing is declared."""
SOLUTION_DIGITS = 4
"""Significant digits of a solution or drawing for which nothing is declared."""


class Rounded(BaseModel):
    """The three choices, wherever they are made."""

    decimals: int | None = Field(
        None,
        ge=0,
        le=MAX_DIGITS,
        description="digits after the point; where nothing is declared an exercise sheet has 3, "
        "a solution or drawing 4 significant digits",
    )
    significant_digits: int | None = Field(
        None, ge=1, le=MAX_DIGITS, description="instead of decimals"
    )
    rounding: Literal["display", "each_step"] = Field(
        "display",
        description="display: compute exactly, round what is shown; each_step: round every "
        "result and go on with it",
    )

    @model_validator(mode="after")
    def _one_kind(self) -> "Rounded":
        if self.decimals is not None and self.significant_digits is not None:
            raise PydanticCustomError("rounding", "give decimals or significant_digits, not both")
        return self

    @property
    def declares_digits(self) -> bool:
        """Whether anything was said about the digits."""
        return self.decimals is not None or self.significant_digits is not None

    @property
    def rule(self) -> Rounding:
        """The core's rounding."""
        if self.significant_digits is not None:
            return Rounding(self.significant_digits, "significant_digits", self.rounding)
        if self.decimals is not None:
            return Rounding(self.decimals, "decimals", self.rounding)
        return self.undeclared

    @property
    def undeclared(self) -> Rounding:
        """The rounding where no digits are asked for: enough to show small gradients."""
        return Rounding(SOLUTION_DIGITS, "significant_digits", self.rounding)


class SheetRounded(Rounded):
    """The choices of an exercise sheet, whose digits are part of its code."""

    @property
    def undeclared(self) -> Rounding:
        """The rounding where no digits are asked for."""
        return Rounding(SHEET_DECIMALS, "decimals", self.rounding)


class RoundingSchema(Rounded, RequestModel):
    """In the body of what is asked for paper alone."""


class RoundedQuery(Rounded):
    """In the address of what is JSON first: it is for the document, JSON has every digit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @property
    def name(self) -> str:
        """A name that differs between documents of the same computation."""
        return f"{self.rule.digits}-{self.rule.kind}-{self.rule.mode}"

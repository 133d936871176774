"""How numbers are rounded on paper: to a number of decimals or of significant digits."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from core.solutions.rounding import MAX_DIGITS, Rounding
from service.schemas.request_model import RequestModel

DEFAULT_DECIMALS = 3


class Rounded(BaseModel):
    """The three choices, wherever they are made."""

    decimals: int | None = Field(
        None, ge=0, le=MAX_DIGITS, description="digits after the point; 3 where nothing is said"
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
        decimals = DEFAULT_DECIMALS if self.decimals is None else self.decimals
        return Rounding(decimals, "decimals", self.rounding)


class RoundingSchema(Rounded, RequestModel):
    """In the body of what is asked for paper alone."""


class RoundedQuery(Rounded):
    """In the address of what is JSON first: it is for the document, JSON has every digit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @property
    def name(self) -> str:
        """A name that differs between documents of the same computation."""
        return f"{self.rule.digits}-{self.rule.kind}-{self.rule.mode}"

"""optimizer: a name, or an object with the name and the parameters that are not the default.

The forms are made from the dataclasses of the core's table: an optimizer is one entry there.
"""

from dataclasses import fields
from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler, create_model
from pydantic_core import CoreSchema, core_schema

from core.training.optimizers import OPTIMIZERS, Optimizer
from service.schemas.request_model import RequestModel, TableChoice

NOT_PARAMETERS = ("name", "eta")


def _form(name: str) -> type[RequestModel]:
    optimizer = OPTIMIZERS[name]
    parameters: dict[str, Any] = {
        field.name: (Annotated[float, Field(allow_inf_nan=False)], field.default)
        for field in fields(optimizer)
        if field.name not in NOT_PARAMETERS
    }
    return create_model(
        f"{optimizer.__name__}Schema",
        __base__=RequestModel,
        __doc__=(optimizer.__doc__ or "").splitlines()[0],
        name=(Annotated[str, TableChoice((name,))], ...),
        **parameters,
    )


class _Choice:
    """A tagged union of the names and of one form per name."""

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        choices: dict[Any, CoreSchema] = {
            f"({name})": handler.generate_schema(_form(name)) for name in OPTIMIZERS
        }
        choices["(name)"] = core_schema.literal_schema(list(OPTIMIZERS))
        return core_schema.tagged_union_schema(
            choices,
            discriminator=_kind,
            custom_error_type="optimizer",
            custom_error_message=f"an optimizer is one of {', '.join(OPTIMIZERS)}, "
            "or an object with that name and its parameters",
        )


def _kind(value: Any) -> str | None:
    if isinstance(value, dict):
        return f"({value.get('name')})"
    return "(name)" if isinstance(value, str) else None


OptimizerChoice = Annotated[str | RequestModel, _Choice()]


def optimizer_of(choice: str | RequestModel, eta: float) -> Optimizer:
    """The core's optimizer; raises `OutOfDomain` for parameters out of range."""
    if isinstance(choice, str):
        return OPTIMIZERS[choice](eta=eta)
    parameters = choice.model_dump()
    return OPTIMIZERS[parameters.pop("name")](eta=eta, **parameters)

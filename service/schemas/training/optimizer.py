"""optimizer and schedule: a name, or an object with the name and parameters that are not default.

The schemas are made from the dataclasses of the core's tables: an optimizer is one entry there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler, create_model
from pydantic_core import CoreSchema, core_schema

from core.training.optimizers import OPTIMIZERS, Optimizer
from core.training.updates.schedules import SCHEDULES, Schedule
from service.schemas.request_model import RequestModel, TableChoice

NOT_PARAMETERS = ("name", "eta")


def _form(name: str, kind: type[Any]) -> type[RequestModel]:
    parameters: dict[str, Any] = {
        field.name: (
            Annotated[type(field.default), Field(allow_inf_nan=False)]
            if isinstance(field.default, float)
            else type(field.default),
            field.default,
        )
        for field in fields(kind)
        if field.name not in NOT_PARAMETERS
    }
    return create_model(
        f"{kind.__name__}Schema",
        __base__=RequestModel,
        __doc__=(kind.__doc__ or "").splitlines()[0],
        name=(Annotated[str, TableChoice((name,))], ...),
        **parameters,
    )


@dataclass(frozen=True, eq=False)
class _Choice:
    """A tagged union of the names and of one form per name."""

    what: str
    table: Mapping[str, type[Any]]

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        choices: dict[Any, CoreSchema] = {
            f"({name})": handler.generate_schema(_form(name, kind))
            for name, kind in self.table.items()
        }
        choices["(name)"] = core_schema.literal_schema(list(self.table))
        return core_schema.tagged_union_schema(
            choices,
            discriminator=_kind,
            custom_error_type=self.what.split()[-1],
            custom_error_message=f"{self.what} is one of {', '.join(self.table)}, "
            "or an object with that name and its parameters",
        )


def _kind(value: Any) -> str | None:
    if isinstance(value, dict):
        return f"({value.get('name')})"
    return "(name)" if isinstance(value, str) else None


OptimizerChoice = Annotated[str | RequestModel, _Choice("an optimizer", OPTIMIZERS)]
ScheduleChoice = Annotated[str | RequestModel, _Choice("a schedule", SCHEDULES)]


def optimizer_of(choice: str | RequestModel, eta: float) -> Optimizer:
    """The core's optimizer; raises `OutOfDomain` for parameters out of range."""
    if isinstance(choice, str):
        return OPTIMIZERS[choice](eta=eta)
    parameters = choice.model_dump()
    return OPTIMIZERS[parameters.pop("name")](eta=eta, **parameters)


def schedule_of(choice: str | RequestModel | None) -> Schedule | None:
    """The core's schedule; raises `OutOfDomain` for parameters out of range."""
    if choice is None:
        return None
    if isinstance(choice, str):
        return SCHEDULES[choice]()
    parameters = choice.model_dump()
    return SCHEDULES[parameters.pop("name")](**parameters)

"""POST /check: a computation, and the numbers that somebody got for it."""

from pydantic import Field

from core.solutions.calculation.network import backprop_calculation, forward_calculation
from core.solutions.calculation.quantity import Calculation
from core.solutions.checking.check import Report, check
from core.solutions.length_limits import require_page_length
from core.solutions.relu_solution import relu_calculation, require_few_points
from service.schemas.error_location import prefix_location
from service.schemas.exercises.computation import ComputationSchema
from service.schemas.exercises.student_answers import SubmittedAnswersSchema


class CheckRequest(ComputationSchema):
    """A computation, the numbers somebody got for it, and how they were rounded."""

    answers: SubmittedAnswersSchema
    hints: int = Field(
        2, ge=0, le=2, description="0: only where; 1: where and what kind; 2: everything"
    )

    @property
    def is_single(self) -> bool:
        """Whether the numbers have no axis for samples."""
        return self.x is None or self.x.ndim == 1

    @property
    def samples(self) -> int:
        """How many samples the network is given."""
        return 1 if self.x is None or self.is_single else len(self.x)

    def report(self) -> Report:
        """Judge; raises what the core refuses."""
        calculation = self._calculation()
        answers = dict(self.answers.by_place(self.is_single))
        with prefix_location("answers"):
            return check(calculation, answers, self.rule if self.declares_digits else None)

    def _calculation(self) -> Calculation:
        if self.relu_system is not None:
            grid, values = self.relu_system.points()
            with prefix_location("relu_system"):
                require_few_points(len(grid))
                return relu_calculation(grid, values, self.relu_system.ends)
        network, x, y = self.to_core()
        require_page_length(network.sizes, len(x), y is not None, self.eta is not None)
        if y is None:
            network.forward(x)
            return forward_calculation(network.layers, x)
        loss = self.loss_function
        network.backprop(x, y, loss, self.reduction)
        return backprop_calculation(network.layers, x, y, loss, self.reduction, self.eta)

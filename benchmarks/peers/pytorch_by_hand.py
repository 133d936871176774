"""PyTorch's kernels without autograd: the same formulas as `core.training.compute`, in place."""

import torch
from problem import Parameters, Problem

from core.training.optimizers import Adam


class PyTorchByHand:
    """Forward, backward and the step written out; buffers of activations are kept."""

    name = "PyTorch by hand"
    least = 1

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.x, self.y = map(torch.from_numpy, problem.data())
        self.batches = problem.batches()
        self.layers = [tuple(map(torch.from_numpy, layer)) for layer in problem.parameters()]
        self.moments = [
            [(torch.zeros_like(one), torch.zeros_like(one)) for one in layer]
            for layer in self.layers
        ]
        self.iteration = 0
        self.losses = []

    def run(self, iterations: int) -> None:
        """Train on."""
        with torch.no_grad():
            for _ in range(iterations):
                rows = next(self.batches)
                self._iterate(self.x[rows], self.y[rows])

    def _iterate(self, x: torch.Tensor, y: torch.Tensor) -> None:
        hidden, squared = self.problem.hidden, self.problem.loss == "squared"
        outputs = [x]
        for w, b in self.layers[:-1]:
            s = torch.addmm(b, outputs[-1], w.T)
            outputs.append(s.sigmoid_() if hidden == "sigmoid" else s.relu_())
        w, b = self.layers[-1]
        s = torch.addmm(b, outputs[-1], w.T)
        if squared:
            output = s.sigmoid_()
            delta = output - y
            self.losses.append(float(delta.square().sum()) / (2 * len(x)))
            delta *= output * (1 - output)
        else:
            logs = torch.log_softmax(s, dim=1)
            self.losses.append(-float((y * logs).sum()) / len(x))
            delta = logs.exp_() - y
        delta /= len(x)
        self.iteration += 1
        for number in range(len(self.layers) - 1, -1, -1):
            w, b = self.layers[number]
            gradients = delta.T @ outputs[number], delta.sum(0)
            if number:
                below = outputs[number]
                delta = delta @ w
                delta *= below * (1 - below) if hidden == "sigmoid" else below > 0
            self._step(number, gradients)

    def _step(self, number: int, gradients: tuple[torch.Tensor, ...]) -> None:
        optimizer = self.problem.optimizer
        for one, gradient, (m, v) in zip(
            self.layers[number], gradients, self.moments[number], strict=True
        ):
            if not isinstance(optimizer, Adam):
                one.sub_(gradient, alpha=optimizer.eta)
                continue
            b1, b2, t = optimizer.beta1, optimizer.beta2, self.iteration
            m.lerp_(gradient, 1 - b1)
            v.mul_(b2).addcmul_(gradient, gradient, value=1 - b2)
            root = v.sqrt().div_((1 - b2**t) ** 0.5).add_(optimizer.epsilon)
            one.addcdiv_(m, root, value=-optimizer.eta / (1 - b1**t))

    def parameters(self) -> Parameters:
        """Now."""
        return [tuple(one.numpy() for one in layer) for layer in self.layers]

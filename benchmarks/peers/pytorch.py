"""PyTorch, eager, as its tutorials train."""

import torch
from problem import Parameters, Problem
from torch import nn

from core.training.optimizers import Adam

MODULES = {"sigmoid": nn.Sigmoid, "relu": nn.ReLU, "softmax": nn.Identity}


class PyTorch:
    """`nn.Sequential` and `torch.optim`; softmax is part of its cross entropy."""

    name = "PyTorch"
    least = 1

    def __init__(self, problem: Problem) -> None:
        x, y = problem.data()
        self.x, self.y = torch.from_numpy(x), torch.from_numpy(y)
        self.batches = (
            (torch.from_numpy(rows) if problem.batch_size else rows) for rows in problem.batches()
        )
        modules = []
        for (w, b), name in zip(
            problem.parameters(), problem.specification.activations, strict=True
        ):
            linear = nn.Linear(w.shape[1], w.shape[0], dtype=self.x.dtype)
            linear.weight.data, linear.bias.data = torch.from_numpy(w), torch.from_numpy(b)
            modules += [linear, MODULES[name]()]
        self.linears = modules[::2]
        self.network = nn.Sequential(*modules)
        eta, parameters = problem.optimizer.eta, self.network.parameters()
        self.optimizer = (
            torch.optim.Adam(parameters, lr=eta, eps=problem.optimizer.epsilon)
            if isinstance(problem.optimizer, Adam)
            else torch.optim.SGD(parameters, lr=eta)
        )
        self.cross_entropy = nn.CrossEntropyLoss() if problem.loss == "cross_entropy" else None
        self.losses = []

    def run(self, iterations: int) -> None:
        """Train on."""
        for _ in range(iterations):
            rows = next(self.batches)
            x, y = self.x[rows], self.y[rows]
            self.optimizer.zero_grad()
            output = self.network(x)
            if self.cross_entropy:
                loss = self.cross_entropy(output, y)
            else:
                loss = 0.5 * ((output - y) ** 2).sum() / len(x)
            loss.backward()
            self.optimizer.step()
            self.losses.append(loss.detach())

    def parameters(self) -> Parameters:
        """Now."""
        return [(one.weight.detach().numpy(), one.bias.detach().numpy()) for one in self.linears]

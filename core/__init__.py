"""The mathematics of small neural networks. Knows no HTTP, no clock, no thread and no log."""

from core.neural_network import Layer, NeuralNetwork

__all__ = ["Layer", "NeuralNetwork"]

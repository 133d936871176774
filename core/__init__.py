"""The mathematics of small neural networks. Free of HTTP, clocks, threads and logs."""

from core.neural_network import Layer, NeuralNetwork

__all__ = ["Layer", "NeuralNetwork"]

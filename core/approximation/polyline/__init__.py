"""Continuous piecewise-linear functions through gates: min-link search and fits."""

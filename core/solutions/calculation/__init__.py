"""Computations as lists of quantities, in any arithmetic: exact, rounded, or intervals."""

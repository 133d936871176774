"""Fuzzing that sees which lines an input reaches, and goes on from those that reach new ones."""

"""Computations written out as by hand: solutions to read, answers checked, exercises made."""

"""Mutation testing: one small change of the code at a time, and whether a test notices it.

Why a tool of our own: the ones on PyPI run one command for all mutants (cosmic-ray) or all tests in
one process behind trampolines (mutmut 3), which neither the import hook that checks array axes nor
the worker processes allow. This one runs the tests that are nearest by the import graph.
"""

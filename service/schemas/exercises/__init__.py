"""Schemas of worked solutions, checking and exercises."""

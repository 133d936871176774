"""Interval arithmetic: what a rounded number may stand for."""

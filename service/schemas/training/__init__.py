"""Schemas of training jobs."""

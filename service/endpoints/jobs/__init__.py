"""Endpoints of training jobs and their results."""

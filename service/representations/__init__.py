"""Responses in the media type that `Accept` asks for."""

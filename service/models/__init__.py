"""The model registry: named models with immutable versions and movable aliases."""

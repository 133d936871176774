"""Trainer, optimizers, checkpoints and early stopping."""

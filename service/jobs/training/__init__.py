"""Training jobs: one time slice of a training on a worker."""

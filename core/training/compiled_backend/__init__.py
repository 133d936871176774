"""The training backend that calls the compiled kernels, and the trainings that it covers."""

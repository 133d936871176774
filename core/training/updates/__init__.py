"""Steps beyond the plain optimizers: schedules, L-BFGS, clipping and weight decay."""

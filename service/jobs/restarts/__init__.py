"""Jobs with restarts: many trainings from different seeds."""

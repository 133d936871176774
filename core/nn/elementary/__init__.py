"""Elementary functions with full relative accuracy, also for complex arguments."""

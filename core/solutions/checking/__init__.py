"""Numbers computed by hand, judged: what is right, what follows, what is wrong and why."""

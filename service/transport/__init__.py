"""What stands between a socket and the application: bounds on what a client may leave open."""

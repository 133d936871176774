"""What can be seen from outside: measures for Prometheus, a line of log per request, traces."""

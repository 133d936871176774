"""Fresh exercise sheets: task, key and marking scheme, the same for ever from one seed."""

"""Exercise sheets: task, key and marking scheme, reproducible from a seed in every release."""

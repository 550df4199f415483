"""Tasks: a folder a suite, a file a task."""

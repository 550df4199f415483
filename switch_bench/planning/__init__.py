"""Finding out how a task can be done: search in imagined worlds, and control of the body by trying its moves out."""

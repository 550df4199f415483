"""What brings an episode to an agent elsewhere: tools, what is told of a view, sessions, remote policies."""

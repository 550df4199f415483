"""What brings an episode to an agent elsewhere."""

"""The trace of an episode: its schema, reading and writing, hashing, and views of its signals."""

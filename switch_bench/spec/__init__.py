"""Scene and task files: what they may say, loaded with an error that names file, line and key for all that is wrong."""

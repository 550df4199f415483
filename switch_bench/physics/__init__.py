"""From a scene to a MuJoCo room, and pictures of it."""

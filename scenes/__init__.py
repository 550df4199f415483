"""Scenes: a folder each, with its `scene.yaml`."""

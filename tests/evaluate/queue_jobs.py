"""Jobs for the tests of a run's queue."""

SETTINGS = {"policy": "noop", "tasks": {"a": "1", "b": "2"}}
JOBS = [("a", 0), ("b", 0), ("a", 1), ("b", 1)]


def done(task, episode=0):
    return {"task": task, "episode": episode, "status": "done"}


def claimed(queue, task, episode=0, seconds=None):
    assert queue.claim(task, episode, seconds)
    return queue

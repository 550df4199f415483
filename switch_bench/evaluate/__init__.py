"""Evaluation: policies, episodes in worker processes, statistics, audit and report."""

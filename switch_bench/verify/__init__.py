"""Verdicts: temporal, spatial and causal truth of what a trace holds, as pure functions of traces."""

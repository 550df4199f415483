"""Runs as signed archives that anybody can check: packing, reading with limits, running again, hidden rounds."""

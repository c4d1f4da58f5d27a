"""Checkpoints leave and arrive, as a zip or a folder; what comes from a stranger is checked, never unpickled."""

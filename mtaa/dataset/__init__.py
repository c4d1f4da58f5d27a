"""Adversarial examples on disk: planned, generated into shards, read back. Import its modules by name."""

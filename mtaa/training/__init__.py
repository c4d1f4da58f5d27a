"""Fitting an attribution network. Import its modules by name; `config` is free of torch."""

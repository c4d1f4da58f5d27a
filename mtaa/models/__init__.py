"""The attribution network and its parts. Import its modules by name; `config` and nothing else is free of torch."""

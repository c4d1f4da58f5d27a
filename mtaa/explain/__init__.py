"""Why a verdict was reached, as pictures and numbers. Import its modules by name; those of arrays are free of torch."""

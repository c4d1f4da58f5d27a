"""What every other package stands on: registry, errors, records, paths, seeds, files. Free of torch at import."""

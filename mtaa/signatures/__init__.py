"""Where an image lies among the known: embeddings, maps, neighbours. Import its modules by name; most load torch."""

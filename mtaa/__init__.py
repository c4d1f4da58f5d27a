"""Who is behind an adversarial image: its attack algorithm, its source model, and how strong it is."""

__version__ = "0.1.0"

"""What an attack asks: a victim's logits and its gradient at the pixels, computed as fast as the processor allows."""

from mtaa.attacks.oracle.oracle import Oracle

__all__ = ["Oracle"]

"""What nobody attacked, among the attacks and among the source models."""

CLEAN, NOBODY = "clean", "none"

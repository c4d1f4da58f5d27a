"""Evidence that is kept: cases with images, verdicts and notes, an audit trail over all of it, and reports of it."""

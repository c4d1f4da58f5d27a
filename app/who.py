"""Who is at the page."""

from app import access


def who() -> str:
    """The name somebody logged in under; empty without a log-in, and the core then names the process's user."""
    return access.visitor().name

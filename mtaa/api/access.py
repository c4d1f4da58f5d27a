"""Roles of those who log in, and the log-in there is. Free of Streamlit."""

from mtaa.core.access import ROLES, Access, NotAllowed, Role, covers, read

__all__ = ["ROLES", "Access", "NotAllowed", "Role", "covers", "read"]

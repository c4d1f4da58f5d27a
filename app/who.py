"""Who is at the page."""

import streamlit as st


def who() -> str:
    """The name somebody logged in under; empty without a log-in, and the core then names the process's user."""
    return str(st.user.get("email") or st.user.get("name") or "") if st.user.get("is_logged_in") else ""

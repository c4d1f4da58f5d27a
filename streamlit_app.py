"""The app's entry: page configuration and navigation."""

from pathlib import Path

import streamlit as st

ICON = Path(__file__).parent / "assets" / "icon.png"

st.set_page_config(page_title="mtaa", page_icon=str(ICON), layout="wide")
st.navigation([st.Page("pages/attribute.py", title="Attribute", icon="🔎", default=True)]).run()

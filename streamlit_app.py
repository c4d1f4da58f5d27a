"""The app's entry: page configuration and navigation."""

from pathlib import Path

import streamlit as st

from app import frame, warming

ASSETS = Path(__file__).parent / "assets"

# A local icon, or the browser would fetch one from elsewhere.
st.set_page_config(page_title="mtaa", page_icon=str(ASSETS / "icon.png"), layout="wide")
st.html(f"<style>{frame.STYLE}</style>")
st.logo(str(ASSETS / "logo.svg"), size="large", icon_image=str(ASSETS / "icon.png"))
pages = [
    st.Page("pages/home.py", title="Home", icon=":material/home:", default=True),
    st.Page("pages/attribute.py", title="Attribute", icon=":material/search:"),
    st.Page("pages/signatures.py", title="Signatures", icon=":material/scatter_plot:"),
    st.Page("pages/cases.py", title="Cases", icon=":material/folder:"),
    st.Page("pages/retrain.py", title="Retrain", icon=":material/exercise:"),
    st.Page("pages/models.py", title="Models", icon=":material/model_training:"),
]
st.navigation(pages).run()
warming.drawn()

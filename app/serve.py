"""Starts the app: `python -m app.serve [options of streamlit run]`, from the repository's root.

`streamlit run` takes a folder `pages/` beside the entry file for its old way of making pages until somebody has opened
the first page: until then a link straight to another page shows it alone, without navigation.
"""

import sys

from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import cli

from app import warming


def main() -> None:
    """Hand over to Streamlit, which ends the process."""
    PagesManager.uses_pages_directory = False
    warming.ask()
    sys.argv = ["streamlit", "run", "streamlit_app.py", *sys.argv[1:]]
    cli.main()


if __name__ == "__main__":
    main()

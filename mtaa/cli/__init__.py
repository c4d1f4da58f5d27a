"""The command line. `main` turns what a user can cause into one line and exit code 2."""

import sys

from mtaa.core.errors import Cancelled, MtaaError


def main() -> None:
    """The entry point `mtaa`."""
    from mtaa.cli.commands import app

    try:
        app()
    except MtaaError as error:
        print(f"mtaa: {error}", file=sys.stderr)
        sys.exit(2)
    except (KeyboardInterrupt, Cancelled):
        print("mtaa: stopped; what was finished is kept, the same command goes on from there", file=sys.stderr)
        sys.exit(130)

"""`python -m mtaa.cli` is the same as `mtaa`."""

from mtaa.cli import main

main()

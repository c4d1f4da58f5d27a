"""What Lightning says of every run and what is no news here."""

import logging
import warnings

_KNOWN = (
    ".*does not have many workers.*",
    ".*exists and is not empty.*",
    ".*LeafSpec.*",
    ".*in eval mode at the start of training.*",
)


def quieten() -> None:
    """Silence them; warnings only within the `warnings.catch_warnings` around the call."""
    for name in ("lightning.pytorch", "lightning.fabric"):
        logging.getLogger(name).setLevel(logging.ERROR)
    for message in _KNOWN:
        warnings.filterwarnings("ignore", message=message)

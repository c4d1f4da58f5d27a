"""Victim (source) models: the networks whose gradients an attacker uses."""

from mtaa.victims.architectures import ARCHITECTURES
from mtaa.victims.model import Victim
from mtaa.victims.pinned import pinned
from mtaa.victims.store import VictimCard, check_name, load, own_names, read_card, side, victim_id

__all__ = [
    "ARCHITECTURES",
    "Victim",
    "VictimCard",
    "check_name",
    "load",
    "own_names",
    "pinned",
    "read_card",
    "side",
    "victim_id",
]

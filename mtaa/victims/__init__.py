"""Victim (source) models: the networks whose gradients an attacker uses."""

from mtaa.victims.architectures import ARCHITECTURES
from mtaa.victims.model import Victim
from mtaa.victims.store import VictimCard, load, read_card, victim_id

__all__ = ["ARCHITECTURES", "Victim", "VictimCard", "load", "read_card", "victim_id"]

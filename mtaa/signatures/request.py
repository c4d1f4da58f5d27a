"""A map that somebody asks for: of which features, by which method, how. Light."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from mtaa.core.card import Card
from mtaa.core.files import canonical_hash
from mtaa.signatures.atlas import Method
from mtaa.signatures.maps import Layout

Features = Literal[
    "attack",
    "victim",
    "both",
    "intensity",
    "stem",
    "layer1",
    "layer2",
    "layer3",
    "attack_branch",
    "victim_branch",
]
KEY_LENGTH = 16
SCHEMA_VERSION = 1


class MapRequest(BaseModel):
    """One map. features: what a head reads ("attack", "victim", "both", "intensity"), or a block of the network,
    averaged and maximised over its map. dimensions: 2 or 3."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    method: Method = "tsne"
    dimensions: Literal[2, 3] = 2
    features: Features = "attack"
    layout: Layout = Field(default_factory=Layout)

    def key(self, card: Card) -> str:
        """The name the map is kept under: a hash of weights, examples, and of the parameters that its method reads."""
        facts = {
            "schema_version": SCHEMA_VERSION,
            "weights_sha256": card.weights_sha256,
            "test_sha256": card.test_sha256,
            "features": self.features,
            "method": self.method,
            "dimensions": self.dimensions,
            "seed": self.layout.seed,
            **self.layout.of(self.method),
        }
        return canonical_hash(facts)[:KEY_LENGTH]

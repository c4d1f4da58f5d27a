"""A small checkpoint from end to end: embedded, mapped, stored, and images placed among its examples."""

from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image

from mtaa.core import card as cards
from mtaa.core import files
from mtaa.core.card import Card
from mtaa.core.errors import InputError, IntegrityError
from mtaa.core.verdict import Refusal
from mtaa.dataset.examples import Examples
from mtaa.models.network import INTENSITY_SCALE, Mtaa
from mtaa.signatures import embed as embedding
from mtaa.signatures import store
from mtaa.signatures.embed import embed
from mtaa.signatures.neighbours import Placed, position
from mtaa.signatures.pictures import pictures
from mtaa.signatures.place import Placer
from tests.signature_sets import made_up
from tests.unit.signatures.conftest import SMALL


def png(pixels: np.ndarray) -> bytes:
    buffer = BytesIO()
    Image.fromarray(pixels[0]).save(buffer, "PNG")
    return buffer.getvalue()


def test_embeddings_are_those_that_the_heads_read(network: Mtaa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "BATCH", 32)
    images = made_up(SMALL)[0].images
    found = embed(network, images, torch.device("cpu"))
    with torch.inference_mode():
        whole = network(torch.from_numpy(images).float() / 255)
    np.testing.assert_allclose(found.attack_embedding, whole.attack_embedding, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(found.victim_embedding, whole.victim_embedding, rtol=1e-4, atol=1e-5)
    assert (found.said_attack == whole.attack.argmax(1).numpy()).mean() > 0.98
    np.testing.assert_allclose(found.said_intensity, whole.intensity * INTENSITY_SCALE, rtol=1e-2, atol=1e-2)


def test_a_known_example_is_placed_on_itself_and_a_foreign_image_farther_off(checkpoint: tuple[Card, Examples]) -> None:
    card, examples = checkpoint
    atlas, images = store.read(card), np.asarray(examples.images)
    smooth = np.tile(np.linspace(0, 255, 16).astype(np.uint8), (1, 16, 1))  # the examples are noise
    known, refused, foreign = Placer.open(card.name, "cpu").place(
        [("a.png", png(images[33])), ("cut.png", png(images[0])[:60]), ("b.png", png(smooth))]
    )
    assert isinstance(known, Placed)
    assert isinstance(foreign, Placed)
    assert isinstance(refused, Refusal)
    assert (refused.name, "whole" in refused.reason) == ("cut.png", True)
    assert (known.pixels == images[33]).all()
    for head, found in known.neighbours.items():
        assert found.places[0] == 33
        assert found.distances[0] < 0.005
        mapped = atlas.maps[f"tsne-2-{head}"]
        assert np.linalg.norm(position(found, mapped) - mapped[33]) < 0.05 * np.linalg.norm(mapped.std(0))
        assert foreign.neighbours[head].distance > found.distance
        assert foreign.neighbours[head].farther > found.farther


def test_pictures_are_the_examples_themselves(checkpoint: tuple[Card, Examples]) -> None:
    card, examples = checkpoint
    chosen = np.array([70, 0, 3])
    assert (pictures(card, chosen) == np.asarray(examples.images)[chosen]).all()
    with pytest.raises(IntegrityError, match="another hash"):
        pictures(card.model_copy(update={"test_sha256": "00"}), chosen)


def test_without_a_map_nothing_is_placed(checkpoint: tuple[Card, Examples]) -> None:
    card, _ = checkpoint
    bare = card.model_copy(update={"signatures_sha256": ""})
    files.write_json(cards.folder(card.name) / cards.CARD, bare.model_dump(mode="json"))
    with pytest.raises(InputError, match="make it: mtaa map"):
        Placer.open(card.name)

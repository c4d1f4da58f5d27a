"""What is written is read again, in the same bytes; what is broken, foreign or a pickle is refused in one sentence."""

import json
from pathlib import Path

import numpy as np
import pytest

from mtaa.core import card as cards
from mtaa.core import files
from mtaa.core.card import Card
from mtaa.core.errors import InputError, IntegrityError
from mtaa.dataset.examples import Examples
from mtaa.signatures import store
from mtaa.signatures.atlas import Atlas
from mtaa.signatures.build import chart
from mtaa.signatures.embed import Embedded
from tests.signature_sets import QUICK
from tests.unit.signatures.conftest import CARD


def path(card: Card) -> Path:
    return cards.folder(card.name) / cards.SIGNATURES


def marked(card: Card) -> Card:
    """The card as if it spoke of the file that is there now."""
    return card.model_copy(update={"signatures_sha256": files.sha256_file(path(card))})


def test_what_was_written_is_read(mapped: Card, atlas: Atlas, material: tuple[Examples, Embedded]) -> None:
    examples, embedded = material
    assert cards.read(mapped.name) == mapped
    assert mapped.signatures_sha256 == files.sha256_file(path(mapped))
    assert (atlas.attack == examples.attack).all()
    assert (atlas.source == examples.source).all()
    assert (atlas.said_victim == embedded.said_victim).all()
    assert atlas.embeddings["attack"].dtype == np.float16
    restored = atlas.embeddings["attack"] * atlas.spread["attack"] + atlas.centre["attack"]
    np.testing.assert_allclose(restored, embedded.attack_embedding, atol=0.02)
    assert sorted(atlas.maps) == [
        f"tsne-{dimensions}-{head}" for dimensions in (2, 3) for head in ("attack", "both", "victim")
    ]
    assert atlas.about.methods == {"tsne": {"perplexity": 8}}
    assert atlas.about.quality["tsne-2-attack"]["attack_knn"] == 1
    assert atlas.about.quality["both"]["victim_knn"] == 1


def test_the_same_set_gives_the_same_bytes(mapped: Card, material: tuple[Examples, Embedded], tmp_path: Path) -> None:
    store.save(chart(mapped, *material, ["tsne"], QUICK), tmp_path / "again.npz")
    assert files.sha256_file(tmp_path / "again.npz") == mapped.signatures_sha256


def test_cards_without_a_map_stay_valid(mapped: Card) -> None:
    document = mapped.model_dump(mode="json")
    del document["signatures_sha256"]
    card = Card.model_validate(document)
    with pytest.raises(InputError, match=r"made-up has no map .* yet; make it: mtaa map --checkpoint made-up"):
        store.read(card)


def test_a_changed_or_missing_file_is_refused(mapped: Card) -> None:
    content = bytearray(path(mapped).read_bytes())
    content[len(content) // 2] ^= 1
    path(mapped).write_bytes(content)
    for _ in range(2):
        with pytest.raises(
            IntegrityError, match=r"another hash than its card; make it anew: mtaa map --checkpoint made-up"
        ):
            store.read(mapped)
        path(mapped).unlink(missing_ok=True)


def test_a_map_of_other_weights_is_refused(mapped: Card) -> None:
    with pytest.raises(IntegrityError, match="made from other weights; make it anew"):
        store.read(mapped.model_copy(update={"weights_sha256": "00"}))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"\x80\x04N."])
def test_what_is_no_archive_is_refused(mapped: Card, content: bytes) -> None:
    path(mapped).write_bytes(content)
    with pytest.raises(IntegrityError, match="not a whole map of signatures"):
        store.read(marked(mapped))


def test_a_pickle_is_never_opened(mapped: Card) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (pytest.fail, ("a pickle was opened",))

    with np.load(path(mapped)) as stored:
        arrays = dict(stored)
    arrays["source"] = np.array([Bomb()] * len(arrays["source"]), dtype=object)
    np.savez(path(mapped), **arrays)
    with pytest.raises(IntegrityError, match="not a whole map of signatures"):
        store.read(marked(mapped))


@pytest.mark.parametrize(
    ("name", "said"), [("schema_version", "has schema 99, expected 1"), ("neighbours", "not a whole map of signatures")]
)
def test_another_version_is_refused(mapped: Card, name: str, said: str) -> None:
    with np.load(path(mapped)) as stored:
        arrays = dict(stored)
    document = json.loads(str(arrays["about"])) | {name: 99 if name == "schema_version" else "many"}
    np.savez(path(mapped), **(arrays | {"about": np.array(json.dumps(document))}))
    with pytest.raises(IntegrityError, match=f"{said}.*make it anew"):
        store.read(marked(mapped))


def test_rows_that_do_not_fit_are_refused(mapped: Card, atlas: Atlas) -> None:
    atlas.maps["tsne-2-attack"] = atlas.maps["tsne-2-attack"][1:]
    with pytest.raises(IntegrityError, match="map tsne-2-attack has 79 rows for 80 examples"):
        store.read(store.write(atlas, CARD.model_copy(update={"test_sha256": mapped.test_sha256})))

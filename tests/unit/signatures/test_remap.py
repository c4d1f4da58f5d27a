"""A map of any features is made, measured and kept; made already, it is only read."""

import json
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from mtaa.cli.commands import app
from mtaa.core.card import Card
from mtaa.core.errors import InputError
from mtaa.core.progress import Silent
from mtaa.dataset.examples import Examples
from mtaa.models.network import Mtaa
from mtaa.signatures import layers, made, remap
from mtaa.signatures.desk import under_way
from mtaa.signatures.remap import make
from mtaa.signatures.request import Features, MapRequest
from mtaa.signatures.space import HEADS
from tests.signature_sets import QUICK, made_up
from tests.unit.signatures.conftest import SMALL


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTAA_HOME", str(tmp_path / "home"))


@pytest.mark.parametrize("features", [one for one in get_args(Features) if one not in HEADS])
def test_features_have_a_row_an_image_on_one_scale(network: Mtaa, features: Features) -> None:
    images = made_up(SMALL)[0].images
    if features == "victim_branch" and network.victim_branch is None:
        with pytest.raises(InputError, match="single branch"):
            layers.read(network, images, features, torch.device("cpu"), Silent())
        return
    points = layers.read(network, images, features, torch.device("cpu"), Silent())
    assert points.dtype == np.float32
    assert len(points) == len(images)
    assert np.isfinite(points).all()
    if features != "intensity":
        assert 0 < (points**2).sum(1).mean() <= 1.001  # standardised: a point is about one spread from the centre


def test_strength_is_told_by_what_its_head_weighs(network: Mtaa) -> None:
    images = made_up(SMALL)[0].images[:6]
    with torch.no_grad():
        network.intensity_head.weight.zero_()
        network.intensity_head.weight[:, 0] = 1
    points = layers.read(network, images, "intensity", torch.device("cpu"), Silent())
    assert (points[:, 1:] == 0).all()


@pytest.mark.parametrize("features", ["both", "layer1"])
def test_a_map_is_made_once(
    checkpoint: tuple[Card, Examples], monkeypatch: pytest.MonkeyPatch, features: Features
) -> None:
    card, _ = checkpoint
    request = MapRequest(features=features, dimensions=3, layout=QUICK)
    found = make(card.name, request, "cpu")
    assert found.points.shape == (80, 3)
    assert 0 < (found.of.drawn["trustworthiness"] or 0) <= 1
    assert set(found.of.whole) == {"attack_knn", "victim_knn", "attack_silhouette", "victim_silhouette"}
    assert under_way() == []
    monkeypatch.setattr(remap, "MAPPERS", {})
    again = make(card.name, request, "cpu")
    assert (again.points == found.points).all()


def test_the_map_of_a_head_is_that_of_the_checkpoint(checkpoint: tuple[Card, Examples]) -> None:
    from mtaa.signatures import store

    card, _ = checkpoint
    found = make(card.name, MapRequest(layout=QUICK), "cpu")
    atlas = store.read(card)
    assert (found.points == atlas.maps["tsne-2-attack"]).all()
    assert found.of.drawn == atlas.about.quality["tsne-2-attack"]


def test_a_parameter_that_does_not_fit_is_told(checkpoint: tuple[Card, Examples]) -> None:
    card, _ = checkpoint
    wrong = MapRequest(layout=QUICK.model_copy(update={"perplexity": 90.0}))
    with pytest.raises(InputError, match="perplexity must be less than the number of examples, 80"):
        make(card.name, wrong, "cpu")
    assert under_way()[0].state == "failed"
    assert made.kept(card) == ([], [])


def test_the_command_makes_it_too(checkpoint: tuple[Card, Examples]) -> None:
    card, _ = checkpoint
    options = ["--features", "layer2", "--dimensions", "3", "--perplexity", "8", "--device", "cpu", "--json"]
    result = CliRunner().invoke(app, ["map", "--checkpoint", card.name, *options])
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert document["request"]["features"] == "layer2"
    assert made.read(document["key"], card).points.shape == (80, 3)
    result = CliRunner().invoke(app, ["map", "--checkpoint", card.name, "--dimensions", "3"])
    assert "--dimensions must come with --features" in str(result.exception)

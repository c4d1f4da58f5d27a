"""The heads learn a new class from few examples among many known ones; the rest of the network stays as it is."""

import numpy as np
import pytest
import torch

from mtaa.core.progress import Silent
from mtaa.dataset.examples import Examples
from mtaa.models.config import NetworkConfig
from mtaa.models.growing import grown
from mtaa.models.network import Mtaa
from mtaa.training.config import Growing, TrainingConfig
from mtaa.training.heads import chance, embed, fit_heads

KNOWN, WANTED = (["fgsm", "clean"], ["vgg16", "none"]), (["fgsm", "bim", "clean"], ["vgg16", "none"])
SMALL = NetworkConfig(
    backbone="forensic", widths=(4, 4, 4, 4), extractor=False, statistics=True, regression="per_attack", dropout=0.2
)


def examples(attack: list[int], victim: list[int]) -> Examples:
    """Grey squares whose level tells the attack."""
    count, labels = len(attack), np.array(attack, np.int64)
    noise = np.random.default_rng(0).integers(0, 9, (count, 1, 16, 16))
    pixels = (noise + 60 * labels[:, None, None, None]).astype(np.uint8)
    strength = np.where(labels == 2, 0, 10 + 10 * labels).astype(np.float32)
    flags, names = np.ones(count, bool), np.arange(count).astype(str)
    victims = np.array(victim, np.int64)
    return Examples(pixels, pixels, labels, victims, strength, strength, flags, flags, names, np.full(count, ""))


def test_attacks_are_drawn_alike_and_their_victims_too() -> None:
    some = examples([0] * 30 + [0] * 6 + [1] * 2 + [2] * 40, [0] * 30 + [1] * 6 + [0] * 2 + [2] * 40)
    chances = chance(some)
    assert chances.sum() == pytest.approx(1)
    for attack in range(3):
        assert chances[some.attack == attack].sum() == pytest.approx(1 / 3)
    for victim in range(2):
        assert chances[(some.attack == 0) & (some.victim == victim)].sum() == pytest.approx(1 / 6)
    assert len(np.unique(chances[some.attack == 2])) == 1


def test_a_few_examples_of_a_new_class_are_learnt_by_the_heads_alone() -> None:
    torch.manual_seed(0)
    start = grown(Mtaa(SMALL, 2, 2, channels=1, side=16), KNOWN, WANTED, 1, 16)
    before = {name: value.clone() for name, value in start.state_dict().items()}
    train = examples([0] * 60 + [1] * 5 + [2] * 60, [0] * 65 + [1] * 60)
    place = torch.device("cpu")
    embedded = embed(start, train.images, place, Silent())
    fit_heads(start, train, embedded, Growing(head_steps=150), TrainingConfig(), place, Silent())
    with torch.no_grad():
        said = start.eval().read(*embed(start, train.images, place, Silent()))
    assert (said.attack.argmax(1).numpy() == train.attack).mean() > 0.95
    changed = {name.split(".")[0] for name, value in start.state_dict().items() if not torch.equal(value, before[name])}
    assert changed == {"attack_head", "victim_head", "intensity_head"}

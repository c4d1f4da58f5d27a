from pathlib import Path

import numpy as np
import pytest
import torch

from mtaa.evaluation import predict as module
from mtaa.evaluation.predict import predict
from mtaa.models.config import NetworkConfig
from mtaa.models.network import INTENSITY_SCALE, Mtaa

CPU = torch.device("cpu")
PIXELS = np.random.default_rng(0).integers(0, 256, (11, 1, 8, 8)).astype(np.uint8)


@pytest.fixture
def network() -> Mtaa:
    torch.manual_seed(0)
    config = NetworkConfig(
        backbone="forensic", widths=(4, 4, 4, 4), extractor=False, statistics=True, regression="per_attack", dropout=0.5
    )
    return Mtaa(config, attacks=3, victims=2, channels=1, side=8)


def test_outputs_are_the_networks_in_label_units(network: Mtaa) -> None:
    found = predict(network.train(), PIXELS, CPU)
    with torch.no_grad():
        expected = network.eval()(torch.from_numpy(PIXELS).float() / 255)
    np.testing.assert_allclose(found.attack_logits, expected.attack.numpy(), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found.victim_logits, expected.victim.numpy(), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found.intensity, expected.intensity.numpy() * INTENSITY_SCALE, rtol=1e-5, atol=1e-4)
    assert {part.dtype for part in (found.attack_logits, found.victim_logits, found.intensity)} == {np.dtype("float32")}
    assert found.attack.tolist() == expected.attack.argmax(1).tolist()


def test_again_gives_the_same_to_the_bit(network: Mtaa) -> None:
    first, second = predict(network, PIXELS, CPU), predict(network, PIXELS, CPU)
    for name in ("attack_logits", "victim_logits", "intensity"):
        assert np.array_equal(getattr(first, name), getattr(second, name))


@pytest.mark.parametrize(("count", "threads"), [(1, 1), (7, 1), (8, 2), (11, 2)])
def test_few_images_are_left_to_one_thread(network: Mtaa, count: int, threads: int) -> None:
    seen: list[int] = []
    network.register_forward_hook(lambda *_: seen.append(torch.get_num_threads()))
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        predict(network, PIXELS[:count], CPU)
        assert (seen, torch.get_num_threads()) == ([threads], 2)
    finally:
        torch.set_num_threads(before)


def test_batches_are_put_together_in_order(network: Mtaa, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = predict(network, PIXELS, CPU)
    monkeypatch.setattr(module, "BATCH", 4)
    parts = predict(network, PIXELS, CPU)
    np.testing.assert_allclose(parts.attack_logits, whole.attack_logits, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(parts.intensity, whole.intensity, rtol=1e-4, atol=1e-3)


def test_memory_maps_are_only_read(network: Mtaa, tmp_path: Path) -> None:
    path = tmp_path / "pixels.npy"
    np.save(path, PIXELS)
    mapped = np.load(path, mmap_mode="r")
    assert np.array_equal(predict(network, mapped, CPU).victim_logits, predict(network, PIXELS, CPU).victim_logits)

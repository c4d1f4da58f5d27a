"""Every explainer against the same thing computed plainly: one image at a time, without Captum and without batches."""

import pytest
import torch
from torch.nn import functional as F

from mtaa.explain import explainers
from mtaa.explain.explainers import NOISE, NOISE_SAMPLES, GradCam, Integrated, Occluded, SmoothedSaliency
from mtaa.explain.heads import HEADS, HISTOGRAMS, Head, HeadName
from mtaa.models.network import Mtaa, pool
from mtaa.models.planes import planes
from mtaa.models.statistics import histograms


def behind(network: Mtaa, name: HeadName, place: int, seen: torch.Tensor, counted: torch.Tensor) -> torch.Tensor:
    """The answer of a forensic network as a function of planes (1, 9, H, W) and histograms (1, 3, 256)."""
    shared, statistics = network.shared, network.statistics
    assert statistics is not None
    assert network.victim_branch is not None
    early = shared.layer1(shared.stem(seen))  # type: ignore[operator]
    late = shared.layer3(shared.layer2(early))  # type: ignore[operator]
    if name == "victim":
        found: torch.Tensor = network.victim_head(torch.cat([pool(network.victim_branch(late)), pool(late)], 1))
        return found[0, place]
    expected = (statistics.score(counted).softmax(-1) * statistics.positions).sum(-1)
    code = torch.cat([expected, statistics.dense(counted.flatten(1))], 1)
    embedding = torch.cat([pool(network.attack_branch(late)), pool(early), code], 1)
    logits = network.attack_head(embedding)
    if name == "attack":
        return logits[0, place]
    regressed = network.centre + network.spread * network.intensity_head(torch.cat([embedding, logits], 1))
    return 100 * regressed[0, place]


@pytest.mark.parametrize("name", HEADS)
def test_integrated_gradients(name: HeadName, forensic: Mtaa, image: torch.Tensor) -> None:
    ends = [(planes(one), histograms(one)) for one in (torch.zeros_like(image), image)]
    ways = [end - start for start, end in zip(*ends, strict=True)]
    sums, steps = [torch.zeros_like(way) for way in ways], 400
    for step in range(steps):
        at = [(start + (step + 0.5) / steps * way).requires_grad_() for start, way in zip(ends[0], ways, strict=True)]
        slopes = torch.autograd.grad(behind(forensic, name, 1, *at), at, allow_unused=True)
        for total, slope, way in zip(sums, slopes, ways, strict=True):
            total += 0 if slope is None else slope * way / steps
    found = Integrated().explain(Head(forensic, name, 1), image)
    change = behind(forensic, name, 1, *ends[1]) - behind(forensic, name, 1, *ends[0])
    assert found.change == pytest.approx(float(change), rel=1e-3, abs=1e-4)
    expected = sums[0][0].sum(0)
    assert (found.values - expected).abs().max() < 0.05 * expected.abs().max()
    if name != "victim":
        assert found.placeless[HISTOGRAMS] == pytest.approx(float(sums[1].sum()), rel=0.05, abs=2e-3)


@pytest.mark.parametrize("name", HEADS)
def test_occlusion(name: HeadName, forensic: Mtaa, image: torch.Tensor) -> None:
    head = Head(forensic, name, 2)
    falls, times = torch.zeros(28, 28), torch.zeros(28, 28)
    with torch.no_grad():
        for row in range(0, 25, 2):
            for column in range(0, 25, 2):
                hidden = image.clone()
                window = (slice(row, row + 4), slice(column, column + 4))
                hidden[..., window[0], window[1]] = 0
                falls[window] += float(head(image) - head(hidden))
                times[window] += 1
    found = Occluded().explain(head, image)
    assert found.settings == "windows of 4 × 4 pixels, every 2 pixels, made black one at a time"
    assert torch.allclose(found.values, falls / times, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", HEADS)
def test_smoothed_saliency(name: HeadName, forensic: Mtaa, image: torch.Tensor) -> None:
    head = Head(forensic, name, 0)
    torch.manual_seed(5)
    found = SmoothedSaliency().explain(head, image).values
    torch.manual_seed(5)
    noise = torch.normal(0, torch.full((NOISE_SAMPLES, 1, 28, 28), NOISE))
    total = torch.zeros(28, 28)
    for one in noise:
        noisy = (image + one[None]).requires_grad_()
        total += torch.autograd.grad(head(noisy).sum(), noisy)[0][0].sum(0).abs()
    assert torch.allclose(found, total / NOISE_SAMPLES, rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("name", HEADS)
def test_grad_cam(name: HeadName, smooth: Mtaa, image: torch.Tensor) -> None:
    head, seen = Head(smooth, name, 1), []
    handle = head.layer.register_forward_hook(lambda _layer, _read, features: seen.append(features))
    answer = head(image.clone().requires_grad_())
    handle.remove()
    (slopes,) = torch.autograd.grad(answer.sum(), seen[0])
    coarse = F.relu((slopes.mean((2, 3), keepdim=True) * seen[0]).sum(1, keepdim=True))
    expected = F.interpolate(coarse, (28, 28), mode="bilinear")[0, 0].detach()
    assert torch.allclose(GradCam().explain(head, image).values, expected, rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("explainer", [Integrated, Occluded, SmoothedSaliency])
def test_the_size_of_batches_changes_nothing(
    explainer: type[explainers.Explainer], forensic: Mtaa, image: torch.Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = Head(forensic, "attack", 1)
    torch.manual_seed(7)
    expected = explainer().explain(head, image).values
    monkeypatch.setattr(explainers, "BATCH", 5)
    torch.manual_seed(7)
    assert torch.allclose(explainer().explain(head, image).values, expected, rtol=1e-3, atol=1e-5)

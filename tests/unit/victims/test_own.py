"""A model of one's own becomes a victim: the same function, its own bytes, a card like the others'."""

from pathlib import Path

import pytest
import torch
import torchvision
from safetensors.torch import save
from torch import nn

from mtaa.attacks import Oracle
from mtaa.core import files
from mtaa.core.errors import InputError, IntegrityError, UnknownNameError
from mtaa.dataset import plan
from mtaa.images import ImageSource, open_source
from mtaa.scenario import Scenario
from mtaa.victims import ARCHITECTURES, VictimCard, check_name, load, own, own_names, read_card, side, weights
from mtaa.victims.own import Given
from mtaa.victims.refused import Refused
from tests.unit.victims import brought


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where victims are stored."""
    monkeypatch.setenv("MTAA_CHECKPOINTS", str(tmp_path / "checkpoints"))
    return tmp_path / "checkpoints" / "victims"


@pytest.fixture(scope="module")
def source(smoke: Scenario) -> ImageSource:
    return open_source(smoke.images)


@pytest.fixture(scope="module")
def tiny(source: ImageSource) -> nn.Module:
    torch.manual_seed(1)
    return brought.fitted(ARCHITECTURES["tiny_a"].build(10, 28, False), source)


@pytest.fixture(scope="module")
def grey(source: ImageSource) -> nn.Module:
    torch.manual_seed(0)
    return brought.fitted(brought.Grey(), source, channels=1)


@pytest.fixture
def kept(tiny: nn.Module, source: ImageSource, tmp_path: Path) -> VictimCard:
    return own.add("kept", brought.weights(tiny, tmp_path / "a.safetensors"), source, Given("tiny_a"))


def probe(source: ImageSource) -> torch.Tensor:
    return torch.from_numpy(source.pixels(source.indices("test")[:16])).float() / 255


def test_weights_are_kept_bit_for_bit_and_never_quantised(
    kept: VictimCard, tiny: nn.Module, source: ImageSource, shelf: Path, tmp_path: Path
) -> None:
    stored = shelf / "digits-kept" / "model.safetensors"
    assert stored.read_bytes() == (tmp_path / "a.safetensors").read_bytes()
    assert kept.weights_sha256 == read_card(source.spec, "kept").weights_sha256 == files.sha256_file(stored)
    victim, images = load(source.spec, "kept"), probe(source)
    assert not victim.training
    assert all(torch.equal(victim.network.state_dict()[name], tensor) for name, tensor in tiny.state_dict().items())
    with torch.no_grad():
        assert torch.equal(victim(images), tiny(images.expand(-1, 3, -1, -1)))
    stored.write_bytes(stored.read_bytes()[:-1] + b"?")
    with pytest.raises(IntegrityError, match="another hash"):
        load(source.spec, "kept")


def test_its_card_says_how_good_it_is(kept: VictimCard, source: ImageSource) -> None:
    victim, indices = load(source.spec, "kept"), source.indices("test")
    with torch.no_grad():
        named = victim(torch.from_numpy(source.pixels(indices)).float() / 255).argmax(1).numpy()
    assert kept.accuracy == pytest.approx((named == source.labels(indices)).mean())
    assert kept.accuracy_interval[0] < kept.accuracy < kept.accuracy_interval[1]
    assert kept.test_images == len(indices)
    assert (kept.called, kept.architecture, kept.side, side(source.spec, "kept")) == ("kept", "tiny_a", 28, 28)


@pytest.mark.usefixtures("kept")
def test_a_scenario_may_name_it_on_its_own_images_alone(smoke: Scenario) -> None:
    plan.check(smoke.model_copy(update={"victims": ["tiny_a", "kept"]}))
    assert own_names(smoke.images) == ["kept"]
    other = smoke.images.model_copy(update={"side": 32})
    assert own_names(other) == []
    for images, name in ((other, "kept"), (smoke.images, "../digits-kept"), (smoke.images, "kepd")):
        with pytest.raises(UnknownNameError, match="is unknown"):
            check_name(images, name)
    with pytest.raises(UnknownNameError, match="did you mean kept"):
        read_card(smoke.images, "kepd")
    assert side(smoke.images, "elsewhere") is None


def test_a_header_may_begin_as_a_pickle_does(tiny: nn.Module, source: ImageSource) -> None:
    files_of = (save(tiny.state_dict(), {"note": "x" * (8 * length)}) for length in range(33))
    data = next(one for one in files_of if one.startswith(b"\x80"))
    assert own.add("lengthy", data, source, Given("tiny_a")).form == "weights"


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("name", ["kept", "resnet18", "none", "clean", "Mine", "a-b", "../x", "", "x" * 41])
def test_a_name_that_is_taken_or_none(name: str, source: ImageSource, tmp_path: Path) -> None:
    path = brought.weights(ARCHITECTURES["tiny_a"].build(10, 28, False), tmp_path / "a.safetensors")
    with pytest.raises(Refused, match="name must be") as refused:
        own.add(name, path, source, Given("tiny_a"))
    assert refused.value.part == "name"


def test_torchvisions_own_heads_and_classifiers_are_known() -> None:
    assert {"resnet18", "mobilenet_v3_small", "densenet121"} <= set(weights.names())
    for ours in (True, False):
        made = (
            ARCHITECTURES["resnet18"].build(3, 32, False) if ours else torchvision.models.squeezenet1_1(num_classes=3)
        )
        name = "resnet18" if ours else "squeezenet1_1"
        state = {key: value for key, value in made.state_dict().items() if not key.endswith("num_batches_tracked")}
        network = weights.build(name, 3, 32, save(state)).eval()
        images = torch.rand(2, 3, 64, 64)
        with torch.no_grad():
            assert torch.equal(network(images), made.eval()(images))


@pytest.mark.parametrize("opset", [13, 17, 20])
def test_onnx_is_the_same_function_with_gradients(
    opset: int, grey: nn.Module, source: ImageSource, tmp_path: Path
) -> None:
    name = f"grey_{opset}"
    card = own.add(name, brought.as_onnx(grey, tmp_path / "a.onnx", opset), source)
    assert (card.channels, card.side, card.form) == (1, 28, "onnx")
    assert card.weights_sha256 == files.sha256_file(tmp_path / "a.onnx")
    victim, images = load(source.spec, name), probe(source)
    mine, theirs = images.clone().requires_grad_(True), images.clone().requires_grad_(True)
    logits, expected = victim(mine), grey(theirs)
    torch.testing.assert_close(logits, expected, rtol=1e-4, atol=1e-4)
    logits[:, 0].sum().backward()
    expected[:, 0].sum().backward()
    torch.testing.assert_close(mine.grad, theirs.grad, rtol=1e-3, atol=1e-4)
    # As attacks see it: a copy with weights channels-last, which fx can't trace.
    _, gradient = Oracle(victim, device="cpu").gradient(images, lambda found: found[:, 0])
    torch.testing.assert_close(gradient, mine.grad, rtol=1e-3, atol=1e-4)


@pytest.mark.slow
def test_a_network_as_torch_exports_it_with_weights_beside_the_graph(
    tiny: nn.Module, source: ImageSource, tmp_path: Path
) -> None:
    for package in ("onnx", "onnx2pytorch", "onnxscript"):
        pytest.importorskip(package, reason="torch.onnx.export and the extra onnx are not installed")
    path = tmp_path / "exported.onnx"
    batch = torch.export.Dim("batch", min=1)
    torch.onnx.export(tiny, (torch.rand(2, 3, 28, 28),), path, dynamic_shapes=({0: batch},), verbose=False)
    assert path.with_name("exported.onnx.data").is_file()
    with pytest.raises(Refused, match=r"hold its weights itself, got them in 'exported\.onnx\.data'"):
        own.add("exported", path.read_bytes(), source)
    own.add("exported", path, source)
    path.with_name("exported.onnx.data").unlink()
    victim, images = load(source.spec, "exported"), probe(source)
    with torch.no_grad():
        expected = tiny(images.expand(-1, 3, -1, -1))
        torch.testing.assert_close(victim(images), expected, rtol=1e-4, atol=1e-4)
        torch.testing.assert_close(Oracle(victim, device="cpu").logits(images), expected, rtol=1e-4, atol=1e-4)


def test_without_the_extra_onnx_is_refused_with_the_command(
    source: ImageSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mtaa.victims.onnx_graph.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"run: pip install -e '\.\[onnx\]'"):
        own.add("mine", b"\x08\x0a", source)

"""What can't be a victim is refused in one sentence that names the fault, and leaves nothing behind."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from mtaa.core import paths
from mtaa.images import ImageSource, open_source
from mtaa.scenario import Scenario
from mtaa.victims import ARCHITECTURES, own
from mtaa.victims.own import Given
from mtaa.victims.refused import Refused
from tests.unit.victims import brought

RANDOM = np.random.default_rng(0)
WEIGHTS = {"w": RANDOM.normal(size=(10, 784)).astype(np.float32), "b": np.zeros(10, np.float32)}
LINEAR = [
    ("Flatten", ["images"], ["flat"], {}),
    ("Gemm", ["flat", "w", "b"], ["logits"], {"transB": 1}),
]


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTAA_CHECKPOINTS", str(tmp_path / "checkpoints"))


@pytest.fixture(scope="module")
def source(smoke: Scenario) -> ImageSource:
    return open_source(smoke.images)


def refusal(file: Path | bytes, source: ImageSource, given: Given | None = None) -> Refused:
    """Why `file` is refused, having been so without a trace."""
    with pytest.raises(Refused) as found:
        own.add("refused", file, source, given)
    assert "\n" not in str(found.value)
    assert not list(paths.victims().glob("*"))
    return found.value


def safetensors(folder: Path, **changes: torch.Tensor | None) -> bytes:
    network = ARCHITECTURES["tiny_a"].build(10, 28, False)
    return brought.weights(network, folder / "a.safetensors", **changes).read_bytes()


Change = Callable[[Path], bytes]
FILES: dict[str, tuple[Change, str]] = {
    "cut short": (lambda folder: safetensors(folder)[:-100], "must be a whole safetensors file"),
    "cut in its header": (lambda folder: safetensors(folder)[:60], "must be a whole"),
    "a header that lies": (
        lambda folder: safetensors(folder).replace(b'"shape":[12]', b'"shape":[99]', 1),
        "must be a whole safetensors file",
    ),
    "one weight less": (lambda folder: safetensors(folder, **{"7.bias": None}), "got none called 7.bias"),
    "one weight more": (lambda folder: safetensors(folder, more=torch.ones(2)), "got more as well"),
    "another shape": (
        lambda folder: safetensors(folder, **{"7.weight": torch.ones(9, 384)}),
        "got 7.weight of shape 9 × 384 instead of 10 × 384",
    ),
    "no number": (lambda folder: safetensors(folder, **{"7.bias": torch.full((10,), torch.nan)}), "must be finite"),
    "no better than guessing": (lambda folder: safetensors(folder, **{"7.weight": torch.zeros(10, 384)}), "vanish"),
    "a pickle": (lambda folder: b"\x80\x04K\x01.", "got a pickle, which may run any program"),
    "torch.save": (lambda folder: b"PK\x03\x04" + bytes(60), "got a pickle, which may run any program"),
}


@pytest.mark.parametrize("what", FILES)
def test_files_of_weights(what: str, source: ImageSource, tmp_path: Path) -> None:
    make, said = FILES[what]
    torch.manual_seed(0)
    refused = refusal(make(tmp_path), source, Given("tiny_a"))
    assert said in str(refused)
    assert refused.part == "file"


@pytest.mark.parametrize(
    ("given", "part", "said"),
    [
        (Given(), "architecture", "must be named for safetensors"),
        (Given("tiny_q"), "architecture", "did you mean tiny_b or tiny_a"),
        (Given("tiny_a", side=0), "side", "side must be 1 to 1024 pixels, got 0"),
        (Given("tiny_a", mean=(0.1, 0.2)), "mean", "mean must be one number or 3, got 0.1, 0.2"),
        (Given("tiny_a", mean=(float("nan"),)), "mean", "got nan"),
        (Given("tiny_a", std=(0.0,)), "std", "std must be one number or 3 above 0, got 0"),
    ],
)
def test_what_is_said_of_a_model(given: Given, part: str, said: str, source: ImageSource, tmp_path: Path) -> None:
    refused = refusal(safetensors(tmp_path), source, given)
    assert said in str(refused)
    assert refused.part == part


def test_numbers_are_numbers() -> None:
    assert own.numbers("mean", "0.485, .456,0.4") == (0.485, 0.456, 0.4)
    with pytest.raises(Refused, match="mean must be numbers between commas, got '0,5;'"):
        own.numbers("mean", "0,5;")


def test_too_large(source: ImageSource, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mtaa.victims.onnx_graph.LARGEST", 10)
    assert "must be at most 10 bytes, got 11" in str(refusal(bytes(11), source))


Graph = tuple[list[Any], dict[str, Any], dict[str, Any], str]
GRAPHS: dict[str, Graph] = {
    "an operator that draws lots": (
        [*LINEAR[:1], ("Bernoulli", ["flat"], ["lots"], {}), ("Gemm", ["lots", "w", "b"], ["logits"], {"transB": 1})],
        WEIGHTS,
        {},
        "got Bernoulli",
    ),
    "a function of torch": (
        [("Load", ["images"], ["flat"], {}), LINEAR[1]],
        WEIGHTS,
        {},
        "must be made of operators that can be converted and attacked, got Load",
    ),
    "another library's operator": (
        [("Flatten", ["images"], ["flat"], {"domain": "com.strange"}), LINEAR[1]],
        WEIGHTS,
        {},
        "got com.strange.Flatten",
    ),
    "a shape that lies": (LINEAR, WEIGHTS, {"gives": ["n", 7]}, "without contradictions"),
    "other classes": (
        LINEAR,
        {"w": WEIGHTS["w"][:7], "b": WEIGHTS["b"][:7]},
        {"gives": ["n", 7]},
        "must give 8 × 10 logits for 8 images, got 8 × 7",
    ),
    "weights of another side": (LINEAR, WEIGHTS, {"takes": ["n", 1, 32, 32]}, "contradictions"),
    "oblong images": (LINEAR, WEIGHTS, {"takes": ["n", 1, 14, 56]}, "square images as (N, 1 or 3, side, side)"),
    "two channels": (
        LINEAR,
        {**WEIGHTS, "w": np.ones((10, 1568), np.float32)},
        {"takes": ["n", 2, 28, 28]},
        "got any × 2 × 28 × 28",
    ),
    "images in doubles": (LINEAR, {k: v.astype(np.float64) for k, v in WEIGHTS.items()}, {"kind": 11}, "got double"),
    "a batch of one": (
        [
            ("Reshape", ["images", "shape"], ["flat"], {}),
            ("Gemm", ["flat", "w", "b"], ["logits"], {"transB": 1}),
        ],
        {**WEIGHTS, "shape": np.array([1, 784])},
        {"takes": [1, 1, 28, 28], "gives": [1, 10]},
        "export it for any number of images",
    ),
    "a masked gradient": (
        [("Sign", ["images"], ["sign"], {}), ("Flatten", ["sign"], ["flat"], {}), LINEAR[1]],
        WEIGHTS,
        {},
        "the model masks it and can't be attacked",
    ),
    "no way for a gradient": (
        [
            *LINEAR[:1],
            ("Gemm", ["flat", "w", "b"], ["score"], {"transB": 1}),
            ("Greater", ["score", "b"], ["is"], {}),
            ("Cast", ["is"], ["logits"], {"to": 1}),
        ],
        WEIGHTS,
        {},
        "the model masks it and can't be attacked",
    ),
    "probabilities": (
        [*LINEAR[:1], ("Gemm", ["flat", "w", "b"], ["score"], {"transB": 1}), ("Softmax", ["score"], ["logits"], {})],
        WEIGHTS,
        {},
        "got probabilities that sum to 1",
    ),
    "a guess": (LINEAR, WEIGHTS, {}, "more often than guessing"),
    "more numbers than memory": (
        [
            ("Pad", ["images", "pads"], ["padded"], {}),
            ("ReduceMax", ["padded", "axes"], ["top"], {"keepdims": 1}),
            ("Mul", ["images", "top"], ["scaled"], {}),
            ("Flatten", ["scaled"], ["flat"], {}),
            LINEAR[1],
        ],
        {**WEIGHTS, "pads": np.array([0, 0, 0, 0, 0, 0, 30000, 30000]), "axes": np.array([2, 3])},
        {},
        "must make at most 268,435,456 numbers at once, got 901,680,784",
    ),
}


@pytest.mark.parametrize("what", GRAPHS)
def test_graphs(what: str, source: ImageSource, tmp_path: Path) -> None:
    nodes, tensors, told, said = GRAPHS[what]
    refused = refusal(brought.onnx_of(tmp_path / "a.onnx", nodes, tensors, **told), source)
    assert said in str(refused)
    assert refused.part == "file"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("../secret.bin", "must lie in the model's own folder, got '../secret.bin'"),
        ("/etc/passwd", "must lie in the model's own folder, got '/etc/passwd'"),
        ("C:\\secret.bin", "must lie in the model's own folder"),
        ("missing.bin", "got no such file"),
        ("link.bin", "got no such file"),
        ("short.bin", "beside the model must be readable"),
        ("", "must lie in the model's own folder"),
    ],
)
def test_weights_beside_the_model_never_leave_its_folder(
    place: str, said: str, source: ImageSource, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    path = brought.onnx_of(folder / "a.onnx", LINEAR, WEIGHTS)
    import onnx

    (tmp_path / "secret.bin").write_bytes(WEIGHTS["w"].tobytes())
    (folder / "link.bin").symlink_to(tmp_path / "secret.bin")
    (folder / "short.bin").write_bytes(b"1234")
    model = onnx.load(path)
    tensor = next(one for one in model.graph.initializer if one.name == "w")
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    for key, value in (("location", place), ("offset", "0"), ("length", str(WEIGHTS["w"].nbytes))):
        tensor.external_data.add(key=key, value=value)
    path.write_bytes(model.SerializeToString())
    assert said in str(refusal(path, source))


@pytest.mark.parametrize("part", [0.1, 0.5, 0.999])
def test_onnx_cut_short(part: float, source: ImageSource, tmp_path: Path) -> None:
    whole = brought.onnx_of(tmp_path / "a.onnx", LINEAR, WEIGHTS).read_bytes()
    assert "must be a whole ONNX or safetensors file" in str(refusal(whole[: int(len(whole) * part)], source))


def test_onnx_needs_no_architecture(source: ImageSource, tmp_path: Path) -> None:
    path = brought.onnx_of(tmp_path / "a.onnx", LINEAR, WEIGHTS)
    assert refusal(path, source, Given("resnet18")).part == "architecture"
    assert refusal(path, source, Given(side=32)).part == "side"


def test_a_conversion_that_computes_something_else(
    source: ImageSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = brought.onnx_of(tmp_path / "a.onnx", LINEAR, WEIGHTS)
    from mtaa.victims import onnx_network

    convert = onnx_network.Converted.forward
    monkeypatch.setattr(onnx_network.Converted, "forward", lambda self, images: convert(self, images) * 1.01)
    assert "must give the same logits in torch as in ONNX" in str(refusal(path, source))

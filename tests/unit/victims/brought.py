"""Small networks and files of them, as somebody would bring them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

from mtaa.images import ImageSource
from mtaa.scenario import ImagesSpec
from mtaa.victims.store import VictimCard, keep


class Grey(nn.Module):
    """A classifier of one channel, with batch-norm, that normalises images by itself."""

    def __init__(self, classes: int = 10, side: int = 28):
        super().__init__()
        self.convolution, self.norm = nn.Conv2d(1, 8, 3, stride=2), nn.BatchNorm2d(8)
        self.linear = nn.Linear(8 * ((side - 1) // 2) ** 2, classes)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        kept = torch.relu(self.norm(self.convolution((images - 0.3) / 0.3)))
        logits: torch.Tensor = self.linear(kept.flatten(1))
        return logits


def fitted(network: nn.Module, source: ImageSource, channels: int = 3, steps: int = 80) -> nn.Module:
    """The network after a few steps on the training images, in evaluation mode."""
    indices = source.indices("train")
    images, labels = torch.from_numpy(source.pixels(indices)).float() / 255, torch.from_numpy(source.labels(indices))
    optimiser = torch.optim.Adam(network.parameters(), 3e-3)
    for step in range(steps):
        chosen = torch.randperm(len(images), generator=torch.Generator().manual_seed(step))[:256]
        optimiser.zero_grad()
        F.cross_entropy(network(images[chosen].expand(-1, channels, -1, -1)), labels[chosen]).backward()
        optimiser.step()
    return network.eval()


def weights(network: nn.Module, path: Path, **changes: torch.Tensor | None) -> Path:
    """A safetensors file of the network's state; `changes` replace tensors of it, None takes one away."""
    state: dict[str, Any] = {**network.state_dict(), **changes}
    save_file({name: tensor.contiguous() for name, tensor in state.items() if tensor is not None}, path)
    return path


def onnx_of(path: Path, nodes: list[Any], tensors: dict[str, Any], **told: Any) -> Path:
    """An ONNX file of `nodes` (operator, inputs, outputs, attributes) from `images` to `logits`.

    `told` may say what the file claims of itself: `takes` and `gives` are shapes, `kind` the type of its input.
    """
    onnx = pytest.importorskip("onnx", reason="the extra onnx is not installed")
    pytest.importorskip("onnx2pytorch", reason="the extra onnx is not installed")
    helper, kind = onnx.helper, told.get("kind", onnx.TensorProto.FLOAT)
    graph = helper.make_graph(
        [helper.make_node(name, inputs, outputs, **settings) for name, inputs, outputs, settings in nodes],
        "graph",
        [helper.make_tensor_value_info("images", kind, told.get("takes", ["n", 1, 28, 28]))],
        [helper.make_tensor_value_info("logits", kind, told.get("gives", ["n", 10]))],
        [onnx.numpy_helper.from_array(value, name) for name, value in tensors.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", told.get("opset", 20))], ir_version=10)
    path.write_bytes(model.SerializeToString())
    return path


def as_onnx(network: nn.Module, path: Path, opset: int = 20) -> Path:
    """A `Grey` network as ONNX, written operator by operator, its batch-norm not folded away."""
    state = {name: tensor.detach().numpy() for name, tensor in network.state_dict().items()}
    tensors = {name: value for name, value in state.items() if value.ndim}
    norm = [f"norm.{part}" for part in ("weight", "bias", "running_mean", "running_var")]
    nodes = [
        ("Sub", ["images", "shift"], ["shifted"], {}),
        ("Div", ["shifted", "shift"], ["scaled"], {}),
        ("Identity", ["convolution.bias"], ["the same bias"], {}),
        ("Conv", ["scaled", "convolution.weight", "the same bias"], ["conv"], {"strides": [2, 2]}),
        ("BatchNormalization", ["conv", *norm], ["normal"], {}),
        ("Relu", ["normal"], ["kept"], {}),
        ("Flatten", ["kept"], ["flat"], {}),
        ("Gemm", ["flat", "linear.weight", "linear.bias"], ["logits"], {"transB": 1}),
    ]
    return onnx_of(path, nodes, {**tensors, "shift": np.array(0.3, np.float32)}, opset=opset)


def card(name: str, images: ImagesSpec, data: bytes = b"weights") -> VictimCard:
    """A model that was brought, kept on the shelf without having been checked."""
    made = VictimCard(
        name=name,
        form="weights",
        architecture="tiny_a",
        images=images,
        classes=[str(digit) for digit in range(10)],
        side=28,
        mean=[0.0],
        std=[1.0],
        accuracy=0.9,
        accuracy_interval=(0.88, 0.92),
        test_images=100,
        training={"own": True},
        code_version="0",
    )
    keep(made, data)
    return made

"""An ONNX graph as a module of torch that can be differentiated, held against ONNX's own arithmetic.

The conversion is onnx2pytorch's; it was chosen over onnx2torch, which knows no operator of opset 18 and later, and so
nothing that torch.onnx.export writes by itself.
"""

from typing import Any

import numpy as np
import torch
from torch import fx, nn

from mtaa.victims import onnx_graph
from mtaa.victims.refused import Refused, line

TOLERANCE = 1e-3  # of the largest logit, or of 1


class Converted(nn.Module):
    """Walks the graph operator by operator."""

    def __init__(self, model: Any):
        from onnx2pytorch import ConvertModel

        super().__init__()
        self.graph = ConvertModel(model)
        # Each weight is in a layer or a buffer by now, and this copy would be copied with every copy of the network.
        del self.graph.onnx_model.graph.initializer[:]

    def forward(self, images: torch.Tensor | fx.Proxy) -> torch.Tensor:
        if isinstance(images, fx.Proxy):
            raise fx.proxy.TraceError("shapes decide the way through the graph, so it must see images")
        logits: torch.Tensor = self.graph(images)
        return logits


def build(model: Any) -> nn.Module:
    """The module of a graph that `onnx_graph.read` let through, in evaluation mode. Raises `Refused`."""
    plain = type(model)()
    plain.CopyFrom(model)  # the converter changes what it is given
    _inline(plain.graph)
    try:
        return Converted(plain).eval().requires_grad_(False)
    except Exception as error:  # the converter raises errors of many kinds; all mean that it can't
        raise Refused("file", f"model must be convertible to torch, got: {line(error)}") from error


def load(data: bytes) -> nn.Module:
    """The module of a stored file."""
    return build(onnx_graph.read(data)[0])


def check(model: Any, network: nn.Module, inputs: torch.Tensor) -> None:
    """Raises `Refused` unless the module answers `inputs` (n, C, side, side) as ONNX's reference does."""
    from onnx.reference import ReferenceEvaluator

    (name,) = [value.name for value in model.graph.input if value.name not in _weights(model.graph)]
    try:
        expected = ReferenceEvaluator(model).run(None, {name: inputs.numpy()})[0]
        with torch.inference_mode():
            got = network(inputs).numpy()
    except Exception as error:  # both raise errors of many kinds
        raise Refused("file", f"model must be able to compute images of its size, got: {line(error)}") from error
    if got.shape != expected.shape or not np.allclose(
        got, expected, rtol=0, atol=TOLERANCE * max(1.0, float(np.abs(expected).max()))
    ):
        raise Refused("file", "model must give the same logits in torch as in ONNX, got others; it can't be converted")


def _weights(graph: Any) -> set[str]:
    return {tensor.name for tensor in graph.initializer}


def _inline(graph: Any) -> None:
    """Weights under one name each: the converter does not look for them behind `Identity` and `Constant`."""
    same: dict[str, str] = {}
    weights, outputs = _weights(graph), {value.name for value in graph.output}
    for node in list(graph.node):
        for place, name in enumerate(node.input):
            node.input[place] = same.get(name, name)
        if outputs.intersection(node.output):
            continue
        if node.op_type == "Identity" and node.input[0] in weights:
            same[node.output[0]] = node.input[0]
            graph.node.remove(node)
        elif node.op_type == "Constant" and node.attribute[0].name == "value":
            graph.initializer.add().CopyFrom(node.attribute[0].t)
            graph.initializer[-1].name = node.output[0]
            weights.add(node.output[0])
            graph.node.remove(node)

"""An ONNX file of a stranger as a graph that is whole, of one file, and made of known operators alone; else refused.

`onnx` is optional, so it is imported where it is needed.
"""

from collections.abc import Iterator
from importlib.util import find_spec
from math import prod
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from mtaa.victims.refused import Refused, line

LARGEST = 10**9  # bytes of a model's file; an ImageNet VGG19 has 0.6 GB
LARGEST_TENSOR = 2**28  # numbers that an operator makes of one image
# What classifiers are made of. Nothing that loops, draws lots, reads files or computes in whole numbers: the converter
# takes a name it does not know for a function of torch, whatever that may do.
LAYERS = (
    "AveragePool BatchNormalization Conv ConvTranspose Dropout Gemm GlobalAveragePool GlobalMaxPool GroupNormalization "
    "InstanceNormalization LRN LayerNormalization MatMul MaxPool"
)
BENDS = (
    "Celu Clip Elu Erf Gelu HardSigmoid HardSwish LeakyRelu LogSoftmax Mish PRelu Relu Selu Sigmoid Softmax Softplus "
    "Softsign Tanh"
)
SUMS = (
    "Abs Add And Div Equal Exp Floor Greater Less Log Max Mean Min Mul Neg Not Or Pow Reciprocal ReduceL2 ReduceMax "
    "ReduceMean ReduceSum Round Sign Sqrt Sub Sum Where"
)
SHAPES = (
    "Cast Concat Constant ConstantOfShape DepthToSpace Expand Flatten Gather GatherND Identity Pad Reshape Resize "
    "Shape Slice SpaceToDepth Split Squeeze Transpose Unsqueeze"
)
OPERATORS = frozenset(f"{LAYERS} {BENDS} {SUMS} {SHAPES}".split())
ONE_FILE = "export it into one file (torch.onnx.export: external_data=False)"


def require() -> None:
    """Raises `Refused` where the packages that read ONNX are not installed."""
    if any(find_spec(name) is None for name in ("onnx", "onnx2pytorch")):
        raise Refused("file", "ONNX models must have their extra installed, got none; run: pip install -e '.[onnx]'")


def read(data: bytes, folder: Path | None = None) -> tuple[Any, bytes]:
    """The model (onnx.ModelProto) with its weights within it, and a file that holds all of that: `data`, if it does.

    Weights that lie beside the file are looked for in `folder` alone. Raises `Refused`.
    """
    require()
    import onnx
    from google.protobuf.message import DecodeError

    try:
        model = onnx.load_model_from_string(data)
    except DecodeError as error:
        raise Refused("file", "model must be a whole ONNX or safetensors file, got something else") from error
    if _take_in(model, folder):
        data = model.SerializeToString()
    strange = sorted({_called(node) for node in model.graph.node} - OPERATORS)
    if strange or model.functions:
        what = ", ".join(strange[:3]) or f"a function of its own called {model.functions[0].name[:80]}"
        raise Refused("file", f"model must be made of operators that can be converted and attacked, got {what}")
    try:
        onnx.checker.check_model(model)
        known = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError, ValueError) as error:
        raise Refused("file", f"model must be an ONNX graph without contradictions, got: {line(error)}") from error
    for value in known.graph.value_info:
        if (size := prod(_shape(value, unknown=1))) > LARGEST_TENSOR:
            raise Refused("file", f"model must make at most {LARGEST_TENSOR:,} numbers at once, got {size:,}")
    return model, data


def takes(model: Any) -> tuple[int, int | None]:
    """Channels (1 or 3) and side (pixels; None where it takes any) of the images it wants. Raises `Refused`."""
    from onnx import TensorProto

    weights = {tensor.name for tensor in model.graph.initializer}
    inputs = [value for value in model.graph.input if value.name not in weights]
    if len(inputs) != 1 or len(model.graph.output) != 1:
        got = f"{len(inputs)} inputs and {len(model.graph.output)} outputs"
        raise Refused("file", f"model must take images and give logits, one input and one output, got {got}")
    shape, kind = _shape(inputs[0], unknown=0), inputs[0].type.tensor_type.elem_type
    if kind != TensorProto.FLOAT:
        raise Refused("file", f"model must take float32 images, got {TensorProto.DataType.Name(kind).lower()}")
    if len(shape) != 4 or shape[1] not in (1, 3) or shape[2] != shape[3]:
        got = " × ".join(str(size or "any") for size in shape)
        raise Refused("file", f"model must take square images as (N, 1 or 3, side, side), got {got}")
    return shape[1], shape[2] or None


def _called(node: Any) -> str:
    return node.op_type if node.domain in ("", "ai.onnx") else f"{node.domain[:80]}.{node.op_type[:80]}"


def _shape(value: Any, unknown: int) -> list[int]:
    return [size.dim_value if size.HasField("dim_value") else unknown for size in value.type.tensor_type.shape.dim]


def _tensors(graph: Any) -> Iterator[Any]:
    """Every tensor that is stored in a graph, those within its operators too."""
    yield from graph.initializer
    for sparse in graph.sparse_initializer:
        yield from (sparse.values, sparse.indices)
    for node in graph.node:
        for attribute in node.attribute:
            yield from (attribute.t, *attribute.tensors)
            for inner in (attribute.g, *attribute.graphs):
                yield from _tensors(inner)


def _take_in(model: Any, folder: Path | None) -> bool:
    """Fill in the weights that lie in files beside the model's own; whether there were any."""
    import onnx

    outside = [tensor for tensor in _tensors(model.graph) if tensor.data_location == onnx.TensorProto.EXTERNAL]
    places = sorted({next((e.value for e in t.external_data if e.key == "location"), "") for t in outside})
    for place in places:
        if folder is None:
            raise Refused("file", f"model must hold its weights itself, got them in {place[:80]!r}; {ONE_FILE}")
        _check_place(place, folder)
    if sum((folder / place).stat().st_size for place in places if folder) > LARGEST:
        raise Refused("file", f"weights must be at most {LARGEST:,} bytes, got more; bring a smaller model")
    if folder and places:
        try:
            onnx.load_external_data_for_model(model, str(folder))
        except (onnx.checker.ValidationError, OSError, ValueError) as error:
            raise Refused("file", f"weights beside the model must be readable, got: {line(error)}") from error
    return bool(places)


def _check_place(place: str, folder: Path) -> None:
    """Raises `Refused` unless `place` is a plain file in `folder` or below, by its name and in truth."""
    parts = PurePosixPath(place).parts
    is_inside = bool(parts) and ".." not in parts and not PurePosixPath(place).is_absolute()
    if not is_inside or PureWindowsPath(place).drive or "\\" in place or "\0" in place:
        raise Refused("file", f"weights must lie in the model's own folder, got {place[:80]!r}; {ONE_FILE}")
    found = folder / place
    if not found.is_file() or not found.resolve().is_relative_to(folder.resolve()):
        raise Refused("file", f"weights must lie beside the model in {place[:80]!r}, got no such file; {ONE_FILE}")

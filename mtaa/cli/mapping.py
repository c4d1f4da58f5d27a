"""`mtaa map`: the embeddings of a checkpoint's test split and their maps, beside the checkpoint; or one map more."""

import json as jsonlib
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Column, Table

from mtaa.cli.attributing import CheckpointOption, DeviceOption, JsonOption
from mtaa.cli.terminal import Terminal
from mtaa.core.errors import InputError
from mtaa.signatures.maps import Layout
from mtaa.signatures.request import Features, MapRequest

_COLUMNS = {
    "trustworthiness": "trust",
    "attack_knn": "k-NN attack",
    "victim_knn": "k-NN source model",
    "attack_silhouette": "silhouette attack",
    "victim_silhouette": "silhouette source model",
}


def map_signatures(
    checkpoint: CheckpointOption = "mnist",
    method: Annotated[
        Literal["tsne", "umap"] | None, typer.Option(help="Only maps of this method; else of both.")
    ] = None,
    features: Annotated[
        Features | None,
        typer.Option(help="Make one map more, of these features, kept for the page Signatures under MTAA_HOME."),
    ] = None,
    dimensions: Annotated[int | None, typer.Option(min=2, max=3, help="With --features: 2 (default) or 3.")] = None,
    perplexity: Annotated[float, typer.Option(min=1.1, help="t-SNE: how many neighbours a point minds.")] = 30.0,
    neighbours: Annotated[int, typer.Option(min=2, help="UMAP: how local it looks.")] = 15,
    min_dist: Annotated[float, typer.Option(min=0, max=0.99, help="UMAP: how closely it packs.")] = 0.1,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    device: DeviceOption = "auto",
    json: JsonOption = False,
) -> None:
    """Map the signatures of a checkpoint's test split, for the page Signatures, and say how good the maps are."""
    from mtaa.core import card as cards
    from mtaa.signatures import store
    from mtaa.signatures.atlas import METHODS
    from mtaa.signatures.build import build

    layout = Layout(perplexity=perplexity, neighbours=neighbours, min_dist=min_dist, seed=seed)
    if features is not None:
        size: Literal[2, 3] = 3 if dimensions == 3 else 2
        request = MapRequest(method=method or "tsne", dimensions=size, features=features, layout=layout)
        _make(checkpoint, request, device, json)
        return
    if dimensions is not None:
        raise InputError("--dimensions must come with --features, got it alone; without, maps of both are made")
    card, atlas = build(checkpoint, [method] if method else list(METHODS), layout, device, Terminal())
    card = store.write(atlas, card)
    if json:
        facts = {"checkpoint": card.name, "signatures_sha256": card.signatures_sha256, "examples": len(atlas)}
        document = {**facts, **atlas.about.model_dump(mode="json")}
        print(jsonlib.dumps(document, ensure_ascii=False, indent=2))
        return
    megabytes = (cards.folder(card.name) / cards.SIGNATURES).stat().st_size / 1e6
    _print(atlas.about.quality)
    print(f"{cards.SIGNATURES}: {len(atlas):,} examples, {len(atlas.maps)} maps, {megabytes:.1f} MB")


def _make(checkpoint: str, request: MapRequest, device: str, json: bool) -> None:
    from mtaa.signatures.remap import make

    made = make(checkpoint, request, device, Terminal())
    if json:
        print(jsonlib.dumps(made.of.model_dump(mode="json"), ensure_ascii=False, indent=2))
        return
    name = f"{request.method}-{request.dimensions}-{request.features}"
    _print({request.features: made.of.whole, name: made.of.drawn})
    print(f"map {made.of.key}: {len(made.points):,} examples, in {made.of.seconds:g} s")


def _print(quality: dict[str, dict[str, float | None]]) -> None:
    table = Table(Column("of", no_wrap=True), *_COLUMNS.values())
    for name, figures in quality.items():
        values = (figures.get(column) for column in _COLUMNS)
        table.add_row(name, *("" if value is None else f"{value:.3f}" for value in values))
    Console().print(table)

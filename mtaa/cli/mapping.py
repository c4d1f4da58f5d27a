"""`mtaa map`: the embeddings of a checkpoint's test split and their maps, written beside the checkpoint."""

import json as jsonlib
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Column, Table

from mtaa.cli.attributing import CheckpointOption, DeviceOption, JsonOption
from mtaa.cli.terminal import Terminal

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
    from mtaa.signatures.maps import Layout

    layout = Layout(perplexity=perplexity, neighbours=neighbours, min_dist=min_dist, seed=seed)
    card, atlas = build(checkpoint, [method] if method else list(METHODS), layout, device, Terminal())
    card = store.write(atlas, card)
    if json:
        facts = {"checkpoint": card.name, "signatures_sha256": card.signatures_sha256, "examples": len(atlas)}
        document = {**facts, **atlas.about.model_dump(mode="json")}
        print(jsonlib.dumps(document, ensure_ascii=False, indent=2))
        return
    size = (cards.folder(card.name) / cards.SIGNATURES).stat().st_size / 1e6
    _print(atlas.about.quality)
    print(f"{cards.SIGNATURES}: {len(atlas):,} examples, {len(atlas.maps)} maps, {size:.1f} MB")


def _print(quality: dict[str, dict[str, float | None]]) -> None:
    table = Table(Column("of", no_wrap=True), *_COLUMNS.values())
    for name, figures in quality.items():
        values = (figures.get(column) for column in _COLUMNS)
        table.add_row(name, *("" if value is None else f"{value:.3f}" for value in values))
    Console().print(table)

"""A network with more labels than it was trained on: what it knows stays, what is new starts from the mean of it."""

import torch

from mtaa.models.network import Mtaa

Labels = tuple[list[str], list[str]]
"""Attack classes and victim classes, in the order of the heads."""


def grown(network: Mtaa, known: Labels, wanted: Labels, channels: int, side: int) -> Mtaa:
    """A trainable copy of `network`, whose heads tell `known`, with heads for `wanted`, which holds all of `known`.

    Rows of known labels are kept, wherever they stand now. New rows are the mean of the known ones: a mean is never
    above the largest, so that every image is named as before until the heads are trained. The regression of known
    attacks does not see the new logits; a new attack's scale is left to `Mtaa.fit_scale`.
    """
    attacks, victims = (_places(old, new) for old, new in zip(known, wanted, strict=True))
    config = network.config.model_copy(update={"pretrained": False})  # weights are at hand
    made = Mtaa(config, len(wanted[0]), len(wanted[1]), channels, side)
    made.config = network.config
    state = {name: weight.detach().clone() for name, weight in network.state_dict().items()}
    last = f"victim_head.{len(network.victim_head) - 1}"
    for head, places in (("attack_head", attacks), (last, victims)):
        for name in (f"{head}.weight", f"{head}.bias"):
            state[name] = _rows(state[name], places)
    if network.config.regression == "per_attack":
        for name in ("intensity_head.weight", "intensity_head.bias", "centre", "spread"):
            state[name] = _rows(state[name], attacks)
    else:  # one line for all: no attack has a scale of its own
        state |= {"centre": made.centre.clone(), "spread": made.spread.clone()}
    width = state["attack_head.weight"].shape[1]
    weight = state["intensity_head.weight"]
    logits = torch.zeros(len(weight), len(attacks))
    seen = [place for place, old in enumerate(attacks) if old is not None]
    logits[:, seen] = weight[:, [width + old for old in attacks if old is not None]]
    state["intensity_head.weight"] = torch.cat([weight[:, :width], logits], 1)
    made.load_state_dict(state)
    made.train().requires_grad_(True)
    if made.extractor is not None:  # fitted before the network and frozen since
        made.extractor.eval().requires_grad_(False)
    return made.to(memory_format=torch.channels_last)


def _places(known: list[str], wanted: list[str]) -> list[int | None]:
    """Where each of `wanted` stood among `known`; None for what is new."""
    assert set(known) <= set(wanted)
    return [known.index(name) if name in known else None for name in wanted]


def _rows(weight: torch.Tensor, places: list[int | None]) -> torch.Tensor:
    """Rows of `weight` (K, …) in the order of `places`; their mean where there is none."""
    mean = weight.mean(0)
    return torch.stack([mean if place is None else weight[place] for place in places])

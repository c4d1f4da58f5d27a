"""Making the atlas of a checkpoint from the test split that ships with it."""

from importlib.metadata import version

import numpy as np

from mtaa.core import card as cards
from mtaa.core import device as devices
from mtaa.core.card import Card
from mtaa.core.labels import NOBODY
from mtaa.core.progress import Progress, Silent
from mtaa.dataset.examples import Examples
from mtaa.dataset.read import read_export
from mtaa.models.store import load_network
from mtaa.signatures import quality, space
from mtaa.signatures.atlas import About, Atlas, Figures, Method, map_name, names
from mtaa.signatures.embed import Embedded, embed
from mtaa.signatures.maps import MAPPERS, Layout
from mtaa.signatures.neighbours import COUNT, nearest
from mtaa.signatures.space import HEADS

# Trustworthiness takes memory by the square of the number of points.
LARGEST_SAMPLE = 5000


def build(
    name: str, methods: list[Method], layout: Layout, device: str = "auto", progress: Progress | None = None
) -> tuple[Card, Atlas]:
    """The card of a checkpoint and its atlas with maps by `methods`; nothing is written.

    Raises `UnknownNameError`, `IntegrityError`, or `InputError` where a parameter does not fit the reference set.
    """
    card, place = cards.read(name), devices.pick(device)
    examples = read_export(cards.checked(name, cards.TEST_SPLIT, card.test_sha256), card.attacks, card.victims)
    embedded = embed(load_network(card), examples.images, place, progress)
    return card, chart(card, examples, embedded, methods, layout, progress)


def chart(
    card: Card,
    examples: Examples,
    embedded: Embedded,
    methods: list[Method],
    layout: Layout,
    progress: Progress | None = None,
) -> Atlas:
    """The atlas of embedded examples: neighbours, maps and figures."""
    listener, count = progress or Silent(), min(COUNT, (len(examples) - 1) // 2)
    raw = {"attack": embedded.attack_embedding, "victim": embedded.victim_embedding}
    scales = {part: space.fit(values) for part, values in raw.items()}
    # Rounded before anything is measured, so that all figures and distances are those of what is stored. Whole
    # embeddings and not their first principal components: what is dropped is where a foreign image would differ.
    kept = {part: space.standardise(values, *scales[part]).astype(np.float16) for part, values in raw.items()}
    points = {head: space.join(kept["attack"], kept["victim"], head) for head in HEADS}
    own: dict[str, np.ndarray] = {head: nearest(values, None, count)[0].mean(1) for head, values in points.items()}
    sample = np.random.default_rng(layout.seed).permutation(len(examples))[:LARGEST_SAMPLE]
    labels = examples.attack[sample], examples.victim[sample]
    is_attacked = labels[1] != (card.victims.index(NOBODY) if NOBODY in card.victims else -1)
    figures: dict[str, Figures] = {
        head: quality.measure(values[sample], *labels, is_attacked, count) for head, values in points.items()
    }
    maps: dict[str, np.ndarray] = {}
    wanted = names(methods)
    listener.start("Mapping", len(wanted), "maps")
    for method, dimensions, head in wanted:
        listener.raise_if_cancelled()
        key = map_name(method, dimensions, head)
        maps[key] = MAPPERS[method](points[head], dimensions, layout)
        trust = quality.trustworthiness(points[head][sample], maps[key][sample], count)
        figures[key] = {
            **quality.measure(maps[key][sample], *labels, is_attacked, count),
            "trustworthiness": trust,
        }
        listener.advance(1, key)
    listener.finish()
    about = About(
        weights_sha256=card.weights_sha256,
        test_sha256=card.test_sha256,
        attacks=card.attacks,
        victims=card.victims,
        neighbours=count,
        sample=len(sample),
        seed=layout.seed,
        methods={method: layout.of(method) for method in methods},
        libraries={library: version(library) for library in ("numpy", "scikit-learn", "torch", "umap-learn")},
        quality=figures,
    )
    return Atlas(
        about=about,
        attack=examples.attack.astype(np.int16),
        victim=examples.victim.astype(np.int16),
        intensity=np.asarray(examples.intensity, np.float32),
        said_attack=embedded.said_attack,
        said_victim=embedded.said_victim,
        said_intensity=embedded.said_intensity.astype(np.float32),
        source=examples.source,
        embeddings=kept,
        centre={part: scale[0] for part, scale in scales.items()},
        spread={part: scale[1] for part, scale in scales.items()},
        own=own,
        maps=maps,
    )

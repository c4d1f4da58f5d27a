"""What a scenario will cost before anything of it is made: examples, gradient steps, bytes on disk."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from mtaa.attacks import build
from mtaa.core import files, paths
from mtaa.core.errors import MtaaError
from mtaa.dataset import manifest, plan
from mtaa.scenario.presets import load
from mtaa.scenario.record import SPLITS, ImagesSpec, Scenario, Split

LABEL_BYTES = 120  # an example's labels and measures, uncompressed
FILE_BYTES = 6_000  # of a shard without an example


class Cost(BaseModel):
    """`examples` by split, clean and controls included. `steps` are gradient steps × images by victim, `copies` the
    examples that nobody attacks.

    `shard_bytes` are kept as shards, `cache_bytes` laid out for training beside them. `basis` is the scenario whose
    shards the first was measured on; empty where it is only known to be no more. `is_made`: nothing is left to make.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    examples: dict[Split, int]
    steps: dict[str, int]
    copies: int
    shard_bytes: int
    cache_bytes: int
    basis: str
    is_made: bool

    @property
    def work(self) -> int:
        """What generation counts: gradient steps × images, an example that nobody attacks being one."""
        return sum(self.steps.values()) + self.copies


def cost(scenario: Scenario) -> Cost:
    """Counted, not made: equal to the sum over `plan.shards`. Raises `MtaaError` where a name or parameter is wrong."""
    examples: dict[Split, int] = {split: scenario.total(split) for split in SPLITS}
    total = sum(examples.values())
    work = attacked = shards = 0
    for spec in scenario.attacks:
        count = len(spec.intensities.values()) * sum(scenario.counts(spec).of(split) for split in SPLITS)
        work += count * max(1, getattr(build(spec).parameters, "steps", 1))
        attacked += count
        shards += -(-count // plan.ROWS) + len(SPLITS) - 1  # no more than that, wherever the splits end
    measured = _measured(scenario.images)
    pixels = scenario.images.channels * scenario.images.side**2
    copies = total - attacked * len(scenario.victims)
    if measured:
        kept = total * measured[0]
    else:
        # Every example's change, and its clean image, which in truth many share.
        files_of_copies = -(-copies // plan.ROWS) + len(SPLITS) * (1 + len(scenario.controls))
        kept = total * (2 * pixels + LABEL_BYTES) + FILE_BYTES * (shards * len(scenario.victims) + files_of_copies)
    return Cost(
        examples=examples,
        steps=dict.fromkeys(scenario.victims, work),
        copies=copies,
        shard_bytes=round(kept),
        cache_bytes=total * (2 * pixels + LABEL_BYTES),
        basis=measured[1] if measured else "",
        is_made=manifest.store(scenario).exists(manifest.NAME),
    )


def _measured(images: ImagesSpec) -> tuple[float, str] | None:
    """Bytes an example of the largest generated scenario of these images on this machine, and its name."""
    found = [_size(path.parent) for path in paths.datasets().glob("*/scenario.yaml") if _alike(path, images)]
    found = [one for one in found if one[0] and one[1]]
    if not found:
        return None
    size, rows, name = max(found, key=lambda one: one[1])
    return size / rows, name


def _alike(path: Path, images: ImagesSpec) -> bool:
    """Whether the scenario file is whole and of the same kind of images."""
    try:
        return load(str(path)).images == images and (path.parent / manifest.NAME).is_file()
    except (MtaaError, ValidationError):  # of another version: no basis
        return False


def _size(folder: Path) -> tuple[int, int, str]:
    document = files.read_json(folder / manifest.NAME)
    names = [f"{entry['name']}.parquet" for entry in document["clean"]]
    names += [f"{manifest.SHARDS}/{entry['name']}.parquet" for entry in document["shards"]]
    size = sum((folder / name).stat().st_size for name in names if (folder / name).is_file())
    return size, sum(int(entry["rows"]) for entry in document["shards"]), folder.name.rsplit("-", 1)[0]

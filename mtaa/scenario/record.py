"""What is attacked, with what, how strongly and how often: the record that names everything made from it."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from mtaa.core.device import Precision
from mtaa.core.files import canonical_hash
from mtaa.core.labels import CLEAN, NOBODY

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = ("train", "validation", "test")


class Record(BaseModel):
    """Unknown keys are refused, values never change after validation."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Grid(Record):
    """Values from `start` to `stop` inclusive, in the unit of an attack's intensity or of a control's strength."""

    start: Annotated[float, Field(ge=0)]
    stop: Annotated[float, Field(le=1000)]
    step: Annotated[float, Field(gt=0)]

    @model_validator(mode="after")
    def _ordered(self) -> "Grid":
        if self.stop < self.start:
            raise ValueError(f"stop must be at least start, got {self.start:g} to {self.stop:g}; swap them")
        if len(self.values()) > 1000:
            raise ValueError(f"step must leave at most 1000 values, got {self.step:g}; make it larger")
        return self

    def values(self) -> list[float]:
        """The grid, ascending."""
        count = int((self.stop - self.start) / self.step + 1e-9) + 1
        return [self.start + index * self.step for index in range(count)]


class CellCounts(Record):
    """Examples of one cell (attack, victim, intensity), or of the clean class as a whole, by split."""

    train: Annotated[int, Field(ge=0, le=1_000_000)]
    validation: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    test: Annotated[int, Field(ge=0, le=1_000_000)]

    def of(self, split: Split) -> int:
        """The count of one split."""
        return int(getattr(self, split))


class ImagesSpec(Record):
    """The clean images: a registered source, the folder for the source `folder`, and the geometry attacked."""

    source: str
    folder: str | None = None
    channels: Literal[1, 3]
    side: Annotated[int, Field(ge=8, le=1024)]


class AttackSpec(Record):
    """One attack: its registered name, fixed parameters, the grid of its intensity, and its own counts if any."""

    name: str
    intensities: Grid
    parameters: dict[str, Any] = {}
    examples: CellCounts | None = None


class ControlSpec(Record):
    """A change that is no attack (noise, JPEG, …): its registered name, strengths, and examples of each by split."""

    name: str
    strengths: Grid
    examples: CellCounts


class PrecisionSpec(Record):
    """Arithmetic of the gradients by split. Attackers compute in float32, so that is what a test should hold."""

    train: Precision = "float32"
    validation: Precision = "float32"
    test: Precision = "float32"

    def of(self, split: Split) -> Precision:
        """The precision of one split."""
        precision: Precision = getattr(self, split)
        return precision


class Scenario(Record):
    """The whole of Table 1, and what it leaves open.

    weights: SHA-256 of the weights of victims that somebody brought, by name: two models may have had the same name.
    `mtaa.victims.pinned` fills it in.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    description: str = ""
    images: ImagesSpec
    victims: Annotated[list[str], Field(min_length=1)]
    attacks: Annotated[list[AttackSpec], Field(min_length=1)]
    examples: CellCounts
    clean: CellCounts | None = None
    controls: list[ControlSpec] = []
    precision: PrecisionSpec = PrecisionSpec()
    seed: Annotated[int, Field(ge=0)] = 0
    weights: dict[str, Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]] = {}

    @model_validator(mode="after")
    def _unique(self) -> "Scenario":
        names = {kind: [spec.name for spec in getattr(self, kind)] for kind in ("attacks", "controls")}
        for kind, found in {"victims": self.victims, **names}.items():
            twice = sorted({name for name in found if found.count(name) > 1})
            if twice:
                raise ValueError(f"{kind} must be named once each, got {', '.join(twice)} more than once; drop one")
        if strange := sorted(self.weights.keys() - set(self.victims)):
            raise ValueError(f"weights must be of the scenario's victims, got those of {strange[0]}; drop them")
        return self

    @model_serializer(mode="wrap")
    def _without_empty(self, serialise: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Of controls and weights nothing is said where there are none: who never heard of them keeps its hash."""
        document: dict[str, Any] = serialise(self)
        for name in ("controls", "weights"):
            if not getattr(self, name):
                document.pop(name, None)
        return document

    @property
    def hash(self) -> str:
        """SHA-256 of what determines the examples; the description does not."""
        return canonical_hash(self.model_dump(mode="json", exclude={"description"}))

    @property
    def attack_labels(self) -> list[str]:
        """Classes of the attack head: the attacks in order, then `clean` where the scenario has such examples."""
        return [attack.name for attack in self.attacks] + ([CLEAN] if self.has_clean else [])

    @property
    def victim_labels(self) -> list[str]:
        """Classes of the victim head: the victims in order, then `none` for clean images."""
        return self.victims + ([NOBODY] if self.has_clean else [])

    @property
    def has_clean(self) -> bool:
        """Whether there are examples that nobody attacked: clean images, or those of a control."""
        return self.clean is not None or bool(self.controls)

    def attack(self, name: str) -> AttackSpec:
        """The specification of one attack of this scenario."""
        return next(attack for attack in self.attacks if attack.name == name)

    def counts(self, attack: AttackSpec) -> CellCounts:
        """Examples a cell of `attack`: its own counts, else the scenario's."""
        return attack.examples or self.examples

    def total(self, split: Split) -> int:
        """Examples of one split, clean and controls included."""
        cells = (len(a.intensities.values()) * self.counts(a).of(split) for a in self.attacks)
        changed = (len(c.strengths.values()) * c.examples.of(split) for c in self.controls)
        return len(self.victims) * sum(cells) + (self.clean.of(split) if self.clean else 0) + sum(changed)

    def adversarial_share(self, split: Split) -> float:
        """The share of a split's examples that is adversarial; controls are clean."""
        cells = (len(a.intensities.values()) * self.counts(a).of(split) for a in self.attacks)
        return len(self.victims) * sum(cells) / self.total(split)

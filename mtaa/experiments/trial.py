"""What networks of an experiment are compared on: one scenario's examples, one exam, one machine."""

from dataclasses import dataclass, replace
from typing import Any

import torch

from mtaa.bench import machine
from mtaa.core import device as devices
from mtaa.core.progress import Progress
from mtaa.dataset.read import data_hash
from mtaa.experiments import contenders, trained
from mtaa.experiments import exam as exams
from mtaa.experiments.exam import Exam
from mtaa.experiments.joint import Joint
from mtaa.experiments.learning import LearningSettings
from mtaa.experiments.portion import Portion
from mtaa.experiments.trained import Material, Networks, Trained
from mtaa.scenario import load
from mtaa.scenario.record import Scenario


@dataclass(frozen=True)
class Trial:
    """All learn from `material` and are examined by `exam`, at `place`; `networks` are kept."""

    scenario: Scenario
    place: torch.device
    material: Material
    exam: Exam
    networks: Networks

    @classmethod
    def open(cls, settings: LearningSettings, experiment: str, progress: Progress) -> "Trial":
        """Raises `InputError` where examples are missing, or the exam is not one of what was learnt."""
        networks = Networks(experiment, progress)
        scenario = load(settings.scenario)
        material = trained.material(scenario, settings.scale)
        exam = exams.open_exam(scenario, settings.checkpoint, material.train)
        return cls(scenario, devices.pick(settings.device), material, exam, networks)

    def within(self, portion: Portion) -> "Trial":
        """The same with a part of the labels alone."""
        return replace(self, material=portion.material(self.material), exam=portion.exam(self.exam))

    def together(self, settings: LearningSettings, backbone: str, seed: int) -> Trained:
        """One network for three tasks."""
        training = contenders.training(backbone, settings, seed)
        return self.networks.obtain(f"{backbone}-all-{seed}", contenders.whole(backbone), training, self.material)

    def classifier(self, joint: Joint, settings: LearningSettings, backbone: str, seed: int) -> Trained:
        """A network that names the classes of `joint`."""
        training = contenders.training(backbone, settings, seed, "attack")
        name, material = f"{backbone}-{len(joint.classes)}-labels-{seed}", joint.material(self.material)
        return self.networks.obtain(name, contenders.bare(backbone), training, material)

    def record(self, settings: LearningSettings, epochs: int, width: float = 1.0) -> dict[str, Any]:
        """What every `LearningRecord` says, as keyword arguments."""
        return {
            "settings": settings,
            "environment": machine.environment(self.place, [], {}),
            "seconds": self.networks.seconds,
            "remark": trained.remark(len(self.material.train), epochs, width),
            "scenario_sha256": self.scenario.hash,
            "data_sha256": data_hash(self.scenario),
            "test_sha256": self.exam.sha256,
            "training_examples": len(self.material.train),
            "test_examples": len(self.exam.examples),
        }

"""The experiment from end to end: for each part, networks that name one label and networks for three tasks."""

from mtaa.core.progress import Progress
from mtaa.core.titles import title
from mtaa.evaluation import metrics
from mtaa.evaluation.predict import predict
from mtaa.experiments import exam as exams
from mtaa.experiments.contenders import OURS, SELF_BUILT, SHARED
from mtaa.experiments.joint import Joint
from mtaa.experiments.parts.paper import PAPER
from mtaa.experiments.parts.record import Kind, Part, PartsRecord, PartsSettings, Row
from mtaa.experiments.portion import part as portion
from mtaa.experiments.trial import Trial


def run(settings: PartsSettings, progress: Progress) -> PartsRecord:
    """Raises `InputError` where examples are missing or a part is not one of the scenario's. Interrupted, it loses part
    of an epoch."""
    trial = Trial.open(settings, SHARED, progress)
    trial = trial.within(portion(trial.material.labels, clean=False))
    portions = [portion(trial.material.labels, [*one.attacks], [*one.victims], clean=False) for one in settings.parts]
    asked: list[tuple[Kind, str]] = [("one label", name) for name in (SELF_BUILT, settings.chosen)]
    asked += [("three tasks", name) for name in (settings.chosen, OURS)]
    rows = []
    for seed in settings.seeds:
        for part, kept in zip(settings.parts, portions, strict=True):
            within = trial.within(kept)
            rows += [_row(within, settings, part, kind, backbone, seed) for kind, backbone in asked]
    common, paper = trial.record(settings, rows[0].epochs), PAPER[settings.table]
    return PartsRecord(**common, experiment=settings.table, rows=rows, paper=paper)


def _row(trial: Trial, settings: PartsSettings, part: Part, kind: Kind, backbone: str, seed: int) -> Row:
    grids = {name: trial.scenario.attack(name).intensities.values() for name in trial.material.labels[0]}
    joint, truth = Joint(trial.material.labels, grids), trial.exam.examples
    joint.check(truth)
    classes = joint.of(truth.attack, truth.victim, truth.intensity)
    floor = metrics.majority(classes)
    if kind == "one label":
        found = trial.classifier(joint, settings, backbone, seed)
        said = joint.read(predict(found.network, trial.exam.examples.images, trial.place))
    else:
        found = trial.together(settings, backbone, seed)
        said = predict(found.network, trial.exam.examples.images, trial.place)
    right = joint.of(said.attack, said.victim, said.intensity) == classes
    return Row(
        part=part,
        kind=kind,
        backbone=backbone,
        said=f"{kind}, {title(backbone)}",
        seed=seed,
        classes=len(joint.classes),
        training_examples=len(trial.material.train),
        test_examples=len(truth),
        weights_sha256=found.weights_sha256,
        epochs=len(found.curves),
        parameters=found.parameters,
        flops=found.flops,
        seconds=found.seconds,
        figures={
            "label_accuracy": metrics.accuracy(right, floor),
            **exams.figures(trial.exam, said),
        },
        changes={},
    )

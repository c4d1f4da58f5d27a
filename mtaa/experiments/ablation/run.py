"""The experiment from end to end: train each variant that is not trained yet, examine all on the same images."""

import time

from mtaa.bench import machine
from mtaa.core import device as devices
from mtaa.core.progress import Progress
from mtaa.dataset.read import data_hash
from mtaa.evaluation.predict import Predictions, predict
from mtaa.evaluation.record import Figure
from mtaa.experiments import exam as exams
from mtaa.experiments import trained
from mtaa.experiments.ablation import variants
from mtaa.experiments.ablation.record import NAME, AblationRecord, AblationSettings, Row
from mtaa.experiments.ablation.variants import Variant
from mtaa.experiments.learning import Change
from mtaa.experiments.trained import Trained
from mtaa.scenario import load


def run(settings: AblationSettings, progress: Progress) -> AblationRecord:
    """Raises `UnknownNameError`, or `InputError` where examples are missing. Interrupted, it loses part of an epoch."""
    began, trainings = time.perf_counter(), 0.0
    chosen, scenario, place = variants.chosen(settings), load(settings.scenario), devices.pick(settings.device)
    material = trained.material(scenario, settings.scale)
    exam = exams.open_exam(scenario, settings.checkpoint, material.train)
    rows = []
    for seed in settings.seeds:
        reference: Predictions | None = None
        for variant in chosen:
            progress.raise_if_cancelled()
            training, at = variant.training.model_copy(update={"seed": seed}), time.perf_counter()
            found = trained.obtain(NAME, f"{variant.name}-{seed}", variant.network, training, material, progress)
            began += time.perf_counter() - at  # counted by its own clock
            trainings += found.seconds
            said = predict(found.network, exam.examples.images, place)
            changes = {} if reference is None else exams.changes(exam, reference, said)
            reference = said if reference is None else reference
            rows.append(_row(variant, seed, found, exams.figures(exam, said), changes))
    return AblationRecord(
        settings=settings,
        environment=machine.environment(place, [], {}),
        seconds=round(trainings + time.perf_counter() - began, 1),
        remark=trained.remark(len(material.train), rows[0].epochs, settings.width),
        scenario_sha256=scenario.hash,
        data_sha256=data_hash(scenario),
        test_sha256=exam.sha256,
        training_examples=len(material.train),
        test_examples=len(exam.examples),
        reference=chosen[0].name,
        rows=rows,
    )


def _row(
    variant: Variant,
    seed: int,
    found: Trained,
    figures: dict[str, Figure],
    changes: dict[str, Change],
) -> Row:
    return Row(
        variant=variant.name,
        said=variant.said,
        seed=seed,
        network=variant.network.model_dump(mode="json"),
        training={**variant.training.model_dump(mode="json"), "seed": seed},
        epochs=len(found.curves),
        parameters=found.parameters,
        flops=found.flops,
        seconds=found.seconds,
        weights_sha256=found.weights_sha256,
        figures=figures,
        changes=changes,
        paper=variant.paper,
    )

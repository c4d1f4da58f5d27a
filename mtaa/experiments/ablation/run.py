"""The experiment from end to end: train each variant that is not trained yet, examine all on the same images."""

from mtaa.core.progress import Progress
from mtaa.evaluation.predict import Predictions, predict
from mtaa.evaluation.record import Figure
from mtaa.experiments import exam as exams
from mtaa.experiments.ablation import variants
from mtaa.experiments.ablation.record import AblationRecord, AblationSettings, Row
from mtaa.experiments.ablation.variants import Variant
from mtaa.experiments.learning import Change
from mtaa.experiments.trained import Trained
from mtaa.experiments.trial import Trial


def run(settings: AblationSettings, progress: Progress) -> AblationRecord:
    """Raises `UnknownNameError`, or `InputError` where examples are missing. Interrupted, it loses part of an epoch."""
    chosen, trial = variants.chosen(settings), Trial.open(settings, settings.experiment, progress)
    rows = []
    for seed in settings.seeds:
        reference: Predictions | None = None
        for variant in chosen:
            training = variant.training.model_copy(update={"seed": seed})
            found = trial.networks.obtain(f"{variant.name}-{seed}", variant.network, training, trial.material)
            said = predict(found.network, trial.exam.examples.images, trial.place)
            changes = {} if reference is None else exams.changes(trial.exam, reference, said)
            reference = said if reference is None else reference
            rows.append(_row(variant, seed, found, exams.figures(trial.exam, said), changes))
    return AblationRecord(
        **trial.record(settings, rows[0].epochs, settings.width),
        experiment=settings.experiment,
        reference=chosen[0].name,
        rows=rows,
        paper=settings.printed,
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

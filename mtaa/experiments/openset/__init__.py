"""Open set: is it noticed that an image is of nothing the checkpoint knows? Modules are named by step."""

from mtaa.experiments.openset.record import NAME, OpensetRecord, OpensetSettings
from mtaa.experiments.registry import EXPERIMENTS, Experiment

EXPERIMENTS.add(
    NAME,
    Experiment(OpensetSettings, OpensetRecord, __name__),
    title="Open set",
    description="is it noticed that an attack, a source model or a picture is none of those it knows?",
)

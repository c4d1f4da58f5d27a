"""Figure 6: how far an attack moves feature maps, block by block. Modules are named by step."""

from mtaa.experiments.figure6.record import NAME, Figure6Record, Figure6Settings
from mtaa.experiments.registry import EXPERIMENTS, Experiment

EXPERIMENTS.add(
    NAME,
    Experiment(Figure6Settings, Figure6Record, __name__),
    title="Figure 6",
    description="how far does an attack move the feature maps, block by block?",
)

"""Figure 2: a t-SNE map of the logits of Table 2's classifier: do attacks and source models lie apart?"""

from mtaa.experiments.figure2.record import NAME, Figure2Record, Figure2Settings
from mtaa.experiments.registry import EXPERIMENTS, Experiment

EXPERIMENTS.add(
    NAME,
    Experiment(Figure2Settings, Figure2Record, __name__),
    title="Figure 2",
    description="do attacks and source models lie apart on a t-SNE map of one label's logits?",
)

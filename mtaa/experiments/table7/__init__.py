"""Table 7: is one network for three tasks better than three networks? Single tasks, the paper's MTAA, and ours."""

from mtaa.experiments.registry import EXPERIMENTS, Experiment
from mtaa.experiments.table7.record import NAME, Table7Record, Table7Settings

EXPERIMENTS.add(
    NAME,
    Experiment(Table7Settings, Table7Record, __name__),
    title="Table 7",
    description="is one network for three tasks better than three networks, one a task?",
)

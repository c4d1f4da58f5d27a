"""How much better a multi-task network is than one network a task (eq. 15)."""

from collections.abc import Sequence

LOWER_IS_BETTER = {"attack_accuracy": False, "victim_accuracy": False, "intensity_rmse": True}


def delta_mtl(multi: Sequence[float], single: Sequence[float], lower_is_better: Sequence[bool]) -> float:
    """Δ_MTL: the mean over tasks of (M_f − M_B) / M_B, its sign turned where lower is better; a share, 0.01 is 1 %.

    `multi` are the figures of the multi-task network, `single` those of the baseline, task by task; none of these is 0.
    """
    gains = [
        (-1 if lower else 1) * (mine - theirs) / theirs
        for mine, theirs, lower in zip(multi, single, lower_is_better, strict=True)
    ]
    return sum(gains) / len(gains)

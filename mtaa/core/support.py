"""How narrowly probabilities let an attack or a source model be named: by itself, by its kind or family, or not."""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from mtaa.core.hierarchy import Level, LevelName
from mtaa.core.titles import title

NAMED = 0.9  # what is named has at least this probability


class Support(BaseModel):
    """`title` and `probability` of what is named at `level`; where it is none, of the likeliest name all the same.

    `members`: stored names of what it may be, likeliest first, together about as probable as what is named.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    level: LevelName
    title: str
    probability: float
    members: list[str]


def supported(probabilities: Mapping[str, float], levels: Sequence[Level]) -> Support:
    """The narrowest group that reaches `NAMED`, from the probabilities of each name, which sum to 1.

    `levels` are those of a hierarchy, narrowest first.
    """
    ranked = sorted(probabilities, key=lambda name: -probabilities[name])
    for level in levels:
        groups: dict[str, list[str]] = {}
        for name in ranked:
            groups.setdefault(level.group(name), []).append(name)
        shares = {group: sum(probabilities[one] for one in members) for group, members in groups.items()}
        likeliest = max(shares, key=lambda group: shares[group])
        if shares[likeliest] >= NAMED:
            members = [name for name in groups[likeliest] if probabilities[name] >= (1 - NAMED) / 2]
            return Support(level=level.name, title=likeliest, probability=shares[likeliest], members=members)
    best = ranked[0]
    return Support(level="none", title=title(best), probability=probabilities[best], members=ranked[:2])

"""`foolbox:NAME`: attacks of foolbox that take an ε, L∞ or L2, by their names in `foolbox.attacks`."""

import inspect
from functools import cache
from math import inf
from typing import Any

import torch

from mtaa.attacks.base import ATTACKS, Attack
from mtaa.attacks.foreign import Foreign, Seen, entry, refusing, require
from mtaa.core.errors import UnknownNameError
from mtaa.core.registry import Entry
from mtaa.core.units import UnitName

UNITS: dict[float, UnitName] = {inf: "1/255", 2: "L2"}


class FromFoolbox(Foreign):
    """ε is not an argument of foolbox's constructors; it is given when they are called."""

    def craft(self, seen: Seen, image: torch.Tensor, label: torch.Tensor, radius: float) -> torch.Tensor:
        import foolbox

        model = foolbox.PyTorchModel(seen, bounds=(0, 1), device=image.device)
        away = foolbox.criteria.Misclassification(label)
        with refusing(self.made_by):
            clipped: torch.Tensor = self.made_by(**self.settings)(model, image, away, epsilons=radius)[1]
        return clipped


@cache
def find(name: str) -> Entry[type[Attack]]:
    """The attack `name`. Raises `InputError` where foolbox is missing, or `UnknownNameError`."""
    require("foolbox", f"foolbox:{name}")
    import foolbox
    from foolbox.attacks.base import FixedEpsilonAttack

    def norm(kind: type) -> Any:
        return getattr(getattr(kind, "distance", None), "p", None)

    public = {key: kind for key, kind in vars(foolbox.attacks).items() if inspect.isclass(kind)}
    fixed = {key: kind for key, kind in public.items() if issubclass(kind, FixedEpsilonAttack)}
    known = {key: kind for key, kind in fixed.items() if norm(kind) in UNITS}
    if name not in known:
        raise UnknownNameError("attack of foolbox with an ε in L∞ or L2", name, known)
    return entry(FromFoolbox, f"foolbox:{name}", known[name], UNITS[norm(known[name])], ours=())


ATTACKS.delegate("foolbox", find)

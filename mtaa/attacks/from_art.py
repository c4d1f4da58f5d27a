"""`art:NAME`: attacks of the Adversarial Robustness Toolbox in an L∞ ball, by their names in `art.attacks.evasion`."""

import inspect
from functools import cache

import torch

from mtaa.attacks.base import ATTACKS, Attack
from mtaa.attacks.foreign import Foreign, Seen, entry, refusing, require
from mtaa.core.errors import UnknownNameError
from mtaa.core.registry import Entry

# Those whose `eps` is the radius of an L∞ ball around each image: elsewhere `eps` is a distance of another kind, the
# length of a step, or of one change for all images.
KNOWN = (
    "AutoConjugateGradient",
    "AutoProjectedGradientDescent",
    "BasicIterativeMethod",
    "FastGradientMethod",
    "MomentumIterativeMethod",
    "ProjectedGradientDescent",
    "RescalingAutoConjugateGradient",
    "SquareAttack",
)
OURS = ("estimator", "eps", "norm", "targeted", "batch_size", "verbose", "summary_writer", "random_eps", "minimal")


class FromArt(Foreign):
    """ε is the constructor's `eps`; `norm` is left at its default, L∞."""

    def craft(self, seen: Seen, image: torch.Tensor, label: torch.Tensor, radius: float) -> torch.Tensor:
        from art.estimators.classification import PyTorchClassifier

        classifier = PyTorchClassifier(
            seen,
            torch.nn.CrossEntropyLoss(),
            tuple(image.shape[1:]),
            seen.oracle.logits(image).shape[1],
            clip_values=(0, 1),
            device_type="gpu" if image.device.type == "cuda" else "cpu",
        )
        quiet = {"verbose": False} if "verbose" in inspect.signature(self.made_by).parameters else {}
        with refusing(self.made_by):
            attack = self.made_by(classifier, eps=radius, **quiet, **self.settings)
            made = attack.generate(image.cpu().numpy(), label.cpu().numpy())
        return torch.from_numpy(made).to(image)


@cache
def find(name: str) -> Entry[type[Attack]]:
    """The attack `name`. Raises `InputError` where ART is missing, or `UnknownNameError`."""
    require("art", f"art:{name}")
    from art.attacks import evasion

    known = {key: getattr(evasion, key) for key in KNOWN if hasattr(evasion, key)}
    if name not in known:
        raise UnknownNameError("attack of ART in an L∞ ball", name, known)
    return entry(FromArt, f"art:{name}", known[name], "1/255", OURS)


ATTACKS.delegate("art", find)

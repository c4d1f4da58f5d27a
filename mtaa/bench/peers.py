"""The toolboxes, each called as its documentation says; faults known from its code go into the record as notes."""

from functools import partial

import numpy as np
import torch

from mtaa.bench.contestants import CONTESTANTS, Contestant, Craft, Target
from mtaa.bench.record import Settings

# On the CPU their rate is flat around this; CleverHans, torchattacks and foolbox take whatever batch they are given.
BATCH = 64
# ART's defaults: 32, and 1 for C&W, where more is faster, but not much: see its note.
ART_BATCH, ART_CW_BATCH = 32, 8


def _cleverhans(target: Target, settings: Settings) -> Craft:
    from cleverhans.torch.attacks.carlini_wagner_l2 import carlini_wagner_l2
    from cleverhans.torch.attacks.fast_gradient_method import fast_gradient_method
    from cleverhans.torch.attacks.projected_gradient_descent import projected_gradient_descent

    victim, size = target.victim, settings.intensity / 255

    def fgsm(images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        return fast_gradient_method(victim, images, size, np.inf, clip_min=0, clip_max=1, y=labels)

    def pgd(images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        return projected_gradient_descent(
            victim,
            images,
            size,
            settings.step_size / 255,
            settings.steps,
            np.inf,
            clip_min=0,
            clip_max=1,
            y=labels,
            rand_init=False,
            sanity_checks=False,
        )

    def cw(images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        return carlini_wagner_l2(
            victim,
            images,
            target.classes,
            y=labels,
            lr=settings.learning_rate,
            confidence=settings.intensity,
            clip_min=0,
            clip_max=1,
            initial_const=settings.c,
            binary_search_steps=1,
            max_iterations=settings.steps,
        )

    return {"fgsm": fgsm, "pgd": pgd, "cw": cw}[settings.attack]


def _torchattacks(target: Target, settings: Settings) -> Craft:
    import torchattacks

    victim, size = target.victim, settings.intensity
    if settings.attack == "fgsm":
        craft: Craft = torchattacks.FGSM(victim, eps=size / 255)
    elif settings.attack == "pgd":
        alpha = settings.step_size / 255
        craft = torchattacks.PGD(victim, eps=size / 255, alpha=alpha, steps=settings.steps, random_start=False)
    else:
        craft = torchattacks.CW(victim, c=settings.c, kappa=size, steps=settings.steps, lr=settings.learning_rate)
    return craft


def _foolbox(target: Target, settings: Settings, abort_early: bool = True) -> Craft:
    import foolbox

    model = foolbox.PyTorchModel(target.victim, bounds=(0, 1), device=target.victim.mean.device)
    epsilon: float | None = settings.intensity / 255
    if settings.attack == "fgsm":
        attack = foolbox.attacks.LinfFastGradientAttack()
    elif settings.attack == "pgd":
        attack = foolbox.attacks.LinfProjectedGradientDescentAttack(
            abs_stepsize=settings.step_size / 255, steps=settings.steps, random_start=False
        )
    else:
        attack = foolbox.attacks.L2CarliniWagnerAttack(
            binary_search_steps=1,
            steps=settings.steps,
            stepsize=settings.learning_rate,
            confidence=settings.intensity,
            initial_const=settings.c,
            abort_early=abort_early,
        )
        epsilon = None  # by its documentation: the smallest change, whatever its size

    def craft(images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        _, clipped, _ = attack(model, images, foolbox.criteria.Misclassification(labels), epsilons=epsilon)
        return clipped

    return craft


def _art(target: Target, settings: Settings) -> Craft:
    from art.attacks.evasion import CarliniL2Method, FastGradientMethod, ProjectedGradientDescent
    from art.estimators.classification import PyTorchClassifier

    size, place = settings.intensity, target.victim.mean.device
    classifier = PyTorchClassifier(
        target.victim,
        torch.nn.CrossEntropyLoss(),
        target.shape,
        target.classes,
        clip_values=(0, 1),
        device_type="gpu" if place.type == "cuda" else "cpu",
    )
    if settings.attack == "fgsm":
        attack = FastGradientMethod(classifier, eps=size / 255)
    elif settings.attack == "pgd":
        step = settings.step_size / 255
        attack = ProjectedGradientDescent(
            classifier, eps=size / 255, eps_step=step, max_iter=settings.steps, verbose=False
        )
    else:
        attack = CarliniL2Method(
            classifier,
            confidence=size,
            learning_rate=settings.learning_rate,
            binary_search_steps=1,
            max_iter=settings.steps,
            initial_const=settings.c,
            batch_size=ART_CW_BATCH,
            verbose=False,
        )

    def craft(images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        return torch.from_numpy(attack.generate(images.cpu().numpy(), labels.cpu().numpy())).to(place)

    return craft


_FOOLBOX = "foolbox==3.3.4"

CONTESTANTS.add(
    "cleverhans",
    Contestant(
        _cleverhans,
        BATCH,
        package="cleverhans",
        module="cleverhans",
        pip="cleverhans==4.0.0",
        notes={
            "cw": "Its constant acts as its mean over the batch, which is c as long as there is one search step. Where "
            "κ is not reached it hands back the clean image."
        },
    ),
    title="CleverHans",
    description="cleverhans.torch",
)
CONTESTANTS.add(
    "torchattacks",
    Contestant(
        _torchattacks,
        BATCH,
        package="torchattacks",
        module="torchattacks",
        # It pins a release of requests that Streamlit refuses; it needs requests only to download models.
        pip="--no-deps torchattacks==3.5.1",
        notes={
            "cw": "Its loss asks for κ, but it returns the smallest misclassified iterate whatever its margin, and the "
            "clean image where there is none. Black and white pixels never move: their arctanh is infinite. It stops "
            "the whole batch when the loss has not fallen over a tenth of the steps, and can't be told not to."
        },
    ),
    title="torchattacks",
    description="torchattacks",
)
CONTESTANTS.add(
    "foolbox",
    Contestant(
        _foolbox,
        BATCH,
        package="foolbox",
        module="foolbox",
        pip=_FOOLBOX,
        notes={
            "cw": "By default it stops the whole batch when the loss has not fallen by 0.01 % over a tenth of the "
            "steps. Where κ is not reached it hands back a black image."
        },
    ),
    title="foolbox",
    description="foolbox with PyTorch",
)
CONTESTANTS.add(
    "foolbox_all_steps",
    Contestant(
        partial(_foolbox, abort_early=False),
        BATCH,
        package="foolbox",
        module="foolbox",
        pip=_FOOLBOX,
        notes={"cw": "With abort_early=False it takes every step asked for. Where κ is not reached: a black image."},
        attacks=("cw",),
    ),
    title="foolbox, all steps",
    description="foolbox without its early stop",
)
CONTESTANTS.add(
    "art",
    Contestant(
        _art,
        ART_BATCH,
        {"cw": ART_CW_BATCH},
        package="adversarial-robustness-toolbox",
        module="art",
        pip="adversarial-robustness-toolbox==1.20.1",
        notes={
            "cw": "It searches the length of each step instead of using Adam, and goes backward once for each class "
            "that occurs in the batch. Where κ is not reached it hands back the clean image."
        },
    ),
    title="ART",
    description="the Adversarial Robustness Toolbox",
)

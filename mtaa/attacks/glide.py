"""C&W's descent without asking the victim where its answer can't matter: the same iterates, a tenth of the work.

Where an image has margin κ, the hinge of eq. 3 is flat and the victim's gradient is zero. The next steps are then known
without the victim, up to the one that loses the margin. Along such a glide the margin rises by momentum and falls as
the change shrinks, so that between two iterates which have the margin all have it. A glide is therefore tried in leaps;
one that lost the margin is narrowed down to the very step that did, and there the victim's gradient is taken.
"""

from dataclasses import dataclass

import torch

from mtaa.attacks.adam import Walkers
from mtaa.attacks.margin import margin
from mtaa.attacks.oracle import Oracle

# The longest leap: a victim whose margin is not unimodal along a glide is looked at this often at least.
LONGEST, SHORTEST = 64, 2
# Every third probe halves the stretch, should interpolation creep.
HALVING = 3


@dataclass(frozen=True)
class Descent:
    """The problem: eq. 3 with weight `c`, for `steps` steps, away from `labels` (n,) by a margin of `wanted` (n,)."""

    oracle: Oracle
    labels: torch.Tensor
    wanted: torch.Tensor
    c: float
    steps: int
    learning_rate: float


class Best:
    """Each image's best iterate so far: smallest among those with margin κ, else the one nearest to having it."""

    def __init__(self, images: torch.Tensor, wanted: torch.Tensor):
        self.wanted = wanted
        self.images = images.clone()
        self.size = torch.full_like(wanted, torch.inf)
        self.margin = torch.full_like(wanted, -torch.inf)

    @property
    def reached(self) -> torch.Tensor:
        """Which (n,) have an iterate with margin κ."""
        return self.size.isfinite()

    def offer(self, rows: torch.Tensor, moved: torch.Tensor, origin: torch.Tensor, margins: torch.Tensor) -> None:
        """Consider one iterate (m, C, H, W) and its margin (m,) of each image in `rows` (m,)."""
        sizes = (moved - origin).flatten(1).square().sum(1)
        enough = (margins >= self.wanted[rows]) & (margins > 0)
        smaller = enough & (sizes < self.size[rows])
        nearer = ~self.reached[rows] & ~enough & (margins > self.margin[rows])
        taken = smaller | nearer
        self.images[rows[taken]] = moved[taken]
        self.size[rows[smaller]] = sizes[smaller]
        self.margin[rows[nearer]] = margins[nearer]


class Glider:
    """Runs a `Descent` over `images` (n, C, H, W) in [0, 1]; `best` then holds what it found.

    An image is *climbing* while the victim's gradient is needed, *looking* after a gradient step in mid-course, when
    its margin is likely back, and else *gliding* from its last iterate known to have the margin. Those who need the
    same are asked about together, the larger crowd first.
    """

    def __init__(self, descent: Descent, images: torch.Tensor):
        self.descent, self.best = descent, Best(images, descent.wanted)
        self.walkers = Walkers.at(images)
        count, place = len(images), images.device
        self.climbing = torch.ones(count, dtype=torch.bool, device=place)
        self.looking, self.done = torch.zeros_like(self.climbing), torch.zeros_like(self.climbing)
        self.margin = torch.full((count,), -torch.inf, device=place)
        # Of a glide: the step known to lose the margin (`steps` + 1 where none is), its margin, logits lost a step.
        self.wall = torch.full((count,), descent.steps + 1, device=place)
        self.wall_margin, self.pace = torch.zeros_like(self.margin), torch.zeros_like(self.margin)
        self.leap, self.probes = torch.full_like(self.wall, SHORTEST), torch.zeros_like(self.wall)

    def run(self) -> Best:
        """Take every image to its last step."""
        while not self.done.all():
            climbers = torch.nonzero(self.climbing & ~self.done).squeeze(1)
            others = torch.nonzero(~self.climbing & ~self.done).squeeze(1)
            if len(climbers) >= len(others):
                self._climb(climbers)
            else:
                self._look(others)
        return self.best

    def _climb(self, rows: torch.Tensor) -> None:
        """Ask for margin and gradient; who lacks the margin takes a step, who has it begins to glide."""
        descent, walkers = self.descent, self.walkers.take(rows)
        moved, labels, wanted = walkers.images, descent.labels[rows], descent.wanted[rows]
        last = walkers.step == descent.steps
        logits, push = descent.oracle.gradient(
            moved, lambda logits: descent.c * (wanted - margin(logits, labels)).clamp_min(0)
        )
        margins = margin(logits, labels)
        self.best.offer(rows, moved, walkers.origin, margins)
        has = margins >= wanted
        self.done[rows[last]] = True
        self._anchor(rows[has & ~last], margins[has & ~last])
        lacks = torch.nonzero(~has & ~last).squeeze(1)
        movers = walkers.take(lacks)
        movers.move(push[lacks], descent.learning_rate)
        self.walkers.put(rows[lacks], movers)
        # After a gradient step in mid-course the margin is most often back, and a look costs less than a gradient.
        again = rows[lacks][self.best.reached[rows[lacks]]]
        self.climbing[again], self.looking[again] = False, True

    def _look(self, rows: torch.Tensor) -> None:
        """Ask for the margin where those looking stand, and where those gliding would come to."""
        descent, leaps = self.descent, self._leaps(rows)
        tried = self._glided(rows, leaps)
        moved = tried.images
        margins = margin(descent.oracle.logits(moved), descent.labels[rows])
        self.best.offer(rows, moved, tried.origin, margins)
        has, looking = margins >= descent.wanted[rows], self.looking[rows]
        self._landed(rows[has], tried.take(has), margins[has], leaps[has])
        self.climbing[rows[looking & ~has]] = True
        self._fell(rows[~looking & ~has], tried.take(~looking & ~has), margins[~looking & ~has])
        self.looking[rows] = False
        self.done[rows[has & (tried.step == descent.steps)]] = True

    def _leaps(self, rows: torch.Tensor) -> torch.Tensor:
        """How many steps (m,) to glide before the next look; none for those looking."""
        here, wall, room = self.walkers.step[rows], self.wall[rows], self.margin[rows] - self.descent.wanted[rows]
        stretch = wall - here
        part = (room / (self.margin[rows] - self.wall_margin[rows])).nan_to_num(0.5)
        part = torch.where(self.probes[rows] % HALVING == HALVING - 1, 0.5, part)
        inward = torch.minimum((part * stretch).long().clamp_min(1), (stretch - 1).clamp_min(1))
        pace = self.pace[rows]
        outward = torch.where(pace > 0, (room / pace).nan_to_num(LONGEST, LONGEST).ceil(), 2.0 * self.leap[rows])
        outward = outward.clamp(1, LONGEST).long()
        leaps = torch.where(wall <= self.descent.steps, inward, torch.minimum(outward, self.descent.steps - here))
        return torch.where(self.looking[rows], 0, leaps)

    def _glided(self, rows: torch.Tensor, leaps: torch.Tensor) -> Walkers:
        """Copies of those in `rows`, after gliding `leaps` (m,) steps each."""
        order = leaps.argsort(descending=True)
        walkers, farthest = self.walkers.take(rows[order]), leaps[order].tolist()
        moving = len(farthest)
        for step in range(farthest[0]):
            while farthest[moving - 1] <= step:
                moving -= 1
            walkers.first_rows(moving).move(0.0, self.descent.learning_rate)
        return walkers.take(order.argsort())

    def _landed(self, rows: torch.Tensor, tried: Walkers, margins: torch.Tensor, leaps: torch.Tensor) -> None:
        """These still have the margin: they stand there now, and any wall ahead of them stays."""
        self.pace[rows] = torch.where(leaps > 0, (self.margin[rows] - margins) / leaps.clamp_min(1), 0.0)
        self.leap[rows] = leaps.clamp_min(1)
        self.walkers.put(rows, tried)
        self.margin[rows] = margins
        self.probes[rows] += 1
        self._cross(rows)

    def _fell(self, rows: torch.Tensor, tried: Walkers, margins: torch.Tensor) -> None:
        """These lost the margin: there is their wall."""
        self.wall[rows], self.wall_margin[rows] = tried.step, margins
        self.probes[rows] += 1
        self._cross(rows)

    def _cross(self, rows: torch.Tensor) -> None:
        """Whose next step is the wall: it is taken, and the gradient is needed there."""
        crossing = rows[self.wall[rows] == self.walkers.step[rows] + 1]
        crossing = crossing[self.wall[crossing] <= self.descent.steps]
        if not len(crossing):
            return
        walkers = self.walkers.take(crossing)
        walkers.move(0.0, self.descent.learning_rate)
        self.walkers.put(crossing, walkers)
        self.climbing[crossing] = True
        self._forget(crossing)

    def _anchor(self, rows: torch.Tensor, margins: torch.Tensor) -> None:
        """These have the margin where they stand, and begin to glide."""
        self.climbing[rows] = False
        self.margin[rows] = margins
        self._forget(rows)

    def _forget(self, rows: torch.Tensor) -> None:
        """What was learnt of the glide behind."""
        self.wall[rows], self.pace[rows] = self.descent.steps + 1, 0.0
        self.leap[rows], self.probes[rows] = SHORTEST, 0

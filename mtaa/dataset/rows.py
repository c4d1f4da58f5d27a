"""Some rows of an array that may be larger than memory: fetched when they are asked for, never copied whole."""

from typing import Any

import numpy as np


class Rows:
    """The rows `places` (n,) int64 of `whole` (N, …), in that order. Indexed as an array, by the first axis alone."""

    def __init__(self, whole: np.ndarray, places: np.ndarray):
        self._whole, self._places = whole, places

    @property
    def shape(self) -> tuple[int, ...]:
        """(n, …)."""
        return (len(self._places), *self._whole.shape[1:])

    @property
    def base(self) -> object:
        """What the rows are a view of: the memory map, where there is one."""
        return self._whole.base

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, key: Any) -> np.ndarray:
        found: np.ndarray = self._whole[self._places[key]]
        return found

"""A registry of named things, each with a frozen record of what it is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from mtaa.core.errors import UnknownNameError

T = TypeVar("T")


@dataclass(frozen=True)
class Entry(Generic[T]):
    """One registered thing. `name` is stored in data and never changes; `facts` are shown by `mtaa list`."""

    name: str
    title: str
    description: str
    value: T
    facts: dict[str, Any]


class Registry(Generic[T]):
    """Names of one kind. A second registration under a name is an error, an unknown name lists the near ones.

    Names `prefix:name` are left to who knows them, if anybody has offered to (`delegate`).
    """

    def __init__(self, kind: str):
        self.kind = kind
        self._entries: dict[str, Entry[T]] = {}
        self._finders: dict[str, Callable[[str], Entry[T]]] = {}

    def add(self, name: str, value: T, *, title: str, description: str, **facts: Any) -> T:
        """Register `value` and hand it back."""
        if name in self._entries:
            raise ValueError(f"{self.kind} {name!r} is registered already")
        self._entries[name] = Entry(name, title, description, value, facts)
        return value

    def register(self, name: str, *, title: str, description: str, **facts: Any) -> Callable[[T], T]:
        """The decorator form of `add`."""
        return lambda value: self.add(name, value, title=title, description=description, **facts)

    def delegate(self, prefix: str, find: Callable[[str], Entry[T]]) -> None:
        """Let `find` answer for what follows `prefix:`. Such names are not listed; it raises `MtaaError` as it must."""
        if prefix in self._finders:
            raise ValueError(f"{self.kind} {prefix!r} is delegated already")
        self._finders[prefix] = find

    def __getitem__(self, name: str) -> T:
        return self.entry(name).value

    def entry(self, name: str) -> Entry[T]:
        """The whole record. Raises `UnknownNameError`."""
        prefix, colon, rest = name.partition(":")
        if colon and prefix in self._finders:
            return self._finders[prefix](rest)
        if name not in self._entries:
            raise UnknownNameError(self.kind, name, self._entries)
        return self._entries[name]

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[Entry[T]]:
        return iter(self._entries.values())

    def names(self) -> list[str]:
        """All names, in the order of registration."""
        return list(self._entries)

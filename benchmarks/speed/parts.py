"""Functions -> the seconds that each took of something larger, measured from outside while it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from time import perf_counter
from typing import Any

from msgspec import Struct


class Part(Struct, frozen=True):
    """A function that is looked up as ``owner.function``, a module or a class, each time that it is called."""

    name: str  # parts of one name are added up
    owner: Any
    function: str


class Share(Struct, frozen=True):
    """The seconds of one part, without those of other parts that it called."""

    name: str
    seconds: float


class Watch:
    """The seconds of each part so far, of calls in one thread."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._seconds = dict.fromkeys((part.name for part in parts), 0.0)
        self._inner: list[float] = []  # for each call that is under way, the seconds of calls within it

    @property
    def shares(self) -> tuple[Share, ...]:
        """What was taken, part by part in the order in which they were named."""
        return tuple(Share(*each) for each in self._seconds.items())

    def around(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``function`` with its calls watched."""

        @wraps(function)
        def watched(*args: Any, **options: Any) -> Any:
            self._inner.append(0.0)
            started = perf_counter()
            try:
                return function(*args, **options)
            finally:
                taken = perf_counter() - started
                self._seconds[name] += taken - self._inner.pop()
                if self._inner:
                    self._inner[-1] += taken

        return watched


@contextmanager
def watch(parts: Sequence[Part]) -> Iterator[Watch]:
    """Watch the calls of ``parts`` within the block; what is looked up there was imported neither before nor by name.

    Raises AttributeError when there is no such function, so that a part that was renamed can not read as free.
    """
    watching, plain = Watch(parts), [getattr(part.owner, part.function) for part in parts]
    try:
        for part, function in zip(parts, plain, strict=True):
            setattr(part.owner, part.function, watching.around(part.name, function))
        yield watching
    finally:
        for part, function in zip(parts, plain, strict=True):
            setattr(part.owner, part.function, function)


def show_shares(shares: Sequence[Share], calls: int = 1) -> None:
    """Print what each part takes of one of ``calls``, in milliseconds and per cent."""
    whole = sum(share.seconds for share in shares)
    for share in shares:
        print(f"    {share.name:48}{'':16}{1000 * share.seconds / calls:9.2f} ms {share.seconds / whole:7.1%}")

"""What an engine tells whoever runs it: that it compiles now, or that another one plays."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_listeners: list[Callable[[], None]] = []


class EngineWarning(UserWarning):
    """Another engine plays than the default one.

    Parameters
    ----------
    en, zh
        Why, in both languages.
    """

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en, zh)
        self.en = en
        self.zh = zh

    def __str__(self) -> str:
        return self.en


@contextmanager
def telling_of_compiling(tell: Callable[[], None]) -> Iterator[None]:
    """Call `tell` when the engine is about to be compiled in this process."""
    _listeners.append(tell)
    try:
        yield
    finally:
        _listeners.remove(tell)


def about_to_compile() -> None:
    """Tell all who listen."""
    for tell in _listeners:
        tell()

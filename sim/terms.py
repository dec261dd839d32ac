"""Terms: every word that a user sees, in English and Chinese, in one file beside this one."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

Lang = Literal["en", "zh"]


class Term(NamedTuple):
    """One word for one thing."""

    en: str
    zh: str
    unit: str = ""
    note: str = ""


@cache
def terms() -> dict[str, Term]:
    """All terms by key."""
    text = files("sim").joinpath("terms.toml").read_text(encoding="utf-8")
    return {key: Term(**entry) for key, entry in tomllib.loads(text).items()}


def term(key: str, lang: Lang = "en") -> str:
    """Return the word for a key; the key itself for names that are the user's own."""
    found = terms().get(key)
    if found is None:
        return key
    return found.zh if lang == "zh" else found.en

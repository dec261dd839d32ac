"""The common contract of every notion in the model: strict, closed and immutable.

The model says what a system *is*. It holds no positions, no files, no arrays and no
randomness; positions are kept by `sim.scenario`, arrays by `sim.plan`.
"""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Notion(BaseModel):
    """A frozen model that refuses unknown keys, silent conversions and non-finite numbers."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )


Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\W\d][\w\-]*$")]
"""A name given by the user: a letter (any script) first, then letters, digits, ``_`` or
``-``."""


class Text(Notion):
    """A sentence or label shown to people, in one language or both."""

    en: str = ""
    """English text."""
    zh: str = ""
    """Chinese text."""

    def read(self, lang: str) -> str:
        """The text in `lang` (``en`` or ``zh``), or the other language where it is missing."""
        first, second = (self.zh, self.en) if lang == "zh" else (self.en, self.zh)
        return first or second


def _text(value: object) -> object:
    """Take a plain string as a text that stands for both languages."""
    return {"en": value, "zh": value} if isinstance(value, str) else value


Label = Annotated[Text, BeforeValidator(_text)]
"""A `Text`, written as ``{en: …, zh: …}`` or as one plain string for both."""

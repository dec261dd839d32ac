"""The shape of one kind of mistake, in both languages."""

from typing import NamedTuple


class Message(NamedTuple):
    """One kind of mistake.

    Attributes
    ----------
    en, zh
        What is wrong.
    hint_en, hint_zh
        What to do; empty where the message says so.
    near_en, near_zh
        What to do instead when there is a near miss to suggest.
    """

    en: str
    zh: str
    hint_en: str = ""
    hint_zh: str = ""
    near_en: str = "Did you mean '{suggestion}'?"
    near_zh: str = "是否指“{suggestion}”？"

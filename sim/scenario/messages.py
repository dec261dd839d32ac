"""What every mistake is called, in both languages, and what to do about it.

One table, so that a message is never translated from the English of a library. Placeholders
are filled by `sim.scenario.problems.make`; nothing a user wrote is ever taken as a template.
"""

from typing import Final

from sim.scenario.message import Message
from sim.scenario.messages_document import DOCUMENT, FILES
from sim.scenario.messages_fields import FIELDS, MODEL_ZH
from sim.scenario.messages_sheets import SHEETS
from sim.scenario.messages_tables import TABLES
from sim.scenario.messages_values import PROVENANCE, QUANTITIES

__all__ = ["CATALOGUE", "MODEL_ZH", "Message"]

CATALOGUE: Final[dict[str, Message]] = {
    **DOCUMENT,
    **FILES,
    **FIELDS,
    **QUANTITIES,
    **PROVENANCE,
    **TABLES,
    **SHEETS,
}

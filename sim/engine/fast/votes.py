"""Votes: one round at each visit, until enough consent or the rounds are used up.

A vote that is not decided yet stands beside the visits of its request's steps: the rounds so
far, the consents so far, and one bit for each party that has consented.
"""

from typing import Final

from sim.engine.fast.codes import FOR_CONSENT, VOTE
from sim.engine.fast.draws import chance, next_key
from sim.engine.fast.jit import Handle, jit
from sim.engine.fast.levels import limit_of
from sim.engine.fast.log import tell
from sim.engine.fast.slots import visit_number
from sim.engine.fast.state import lives, places, step_threshold, steps, visits

PARTIES: Final = 30
"""Parties in one word."""


def columns(parties: int) -> int:
    """Words that a vote among so many parties needs."""
    return 2 + -(-parties // PARTIES)


@jit
def vote(w: Handle, slot: int, step: int) -> int:
    """Ask every party that has not consented so far."""
    life = lives(w)[slot]
    here = steps(w)[step]
    seen = visits(w)
    ordinal = visit_number(w, slot, step) << 32 | int(here.key)
    limit = limit_of(w, slot, step, step_threshold(w)[places(w)[life.place].mode, step])
    rounds = seen[slot, here.own] + 1
    consents = seen[slot, here.own + 1]
    for party in range(here.most):
        word = here.own + 2 + party // PARTIES
        bit = 1 << party % PARTIES
        if seen[slot, word] & bit != 0:
            continue
        if chance(w, limit, FOR_CONSENT, next_key(life.key, party), ordinal) != 0:
            seen[slot, word] |= bit
            consents += 1
    tell(w, VOTE, slot, rounds, -1, consents)
    seen[slot, here.own] = rounds
    seen[slot, here.own + 1] = consents
    if consents < here.least and rounds < here.cap:
        return int(here.other)
    _forget(w, slot, step)
    return int(here.next if consents >= here.least else here.third)


@jit
def _forget(w: Handle, slot: int, step: int) -> None:
    here = steps(w)[step]
    for word in range(here.own, here.own + 2 + (here.most + PARTIES - 1) // PARTIES):
        visits(w)[slot, word] = 0

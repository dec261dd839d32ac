"""Votes: one round at each visit, until enough consent or the rounds are used up."""

from sim.demand.draws import chance
from sim.demand.purposes import Purpose
from sim.engine.reference.levels import limit_of
from sim.engine.reference.world import Ballot, Request, World, visit_number
from sim.keys import subkey
from sim.plan.codes import Code


def vote(world: World, request: Request, step: int) -> int:
    """Ask every party that has not consented so far."""
    plan = world.plan
    ballot = request.ballots.setdefault(step, Ballot())
    ballot.rounds += 1
    written = plan.step_threshold[world.place_mode[request.place]][step]
    limit = limit_of(world, request, step, written)
    ordinal = visit_number(request, step) << 32 | plan.step_key[step]
    for party in range(plan.step_most[step]):
        if party not in ballot.consenting and chance(
            limit,
            world.key0,
            world.key1,
            Purpose.CONSENT,
            subkey(request.key, party),
            ordinal,
        ):
            ballot.consenting.add(party)
    consents = len(ballot.consenting)
    world.log(Code.VOTE, request.place, request.number, ballot.rounds, amount=consents)
    if consents < plan.step_least[step] and ballot.rounds < plan.step_cap[step]:
        return int(plan.step_other[step])
    del request.ballots[step]
    agreed = consents >= plan.step_least[step]
    return int(plan.step_next[step] if agreed else plan.step_third[step])

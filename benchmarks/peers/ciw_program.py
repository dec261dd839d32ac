"""Ciw: the network is described, not programmed; who gives up jockeys to the hotline."""

import ciw
import model as m

EXP = ciw.dists.Exponential
CLASSES = {"urgent": m.URGENT, "ordinary": 1 - m.URGENT}


class OrHotline(ciw.routing.Probabilistic):
    """Rise with some chance; those who lose patience call the hotline."""

    def next_node_for_jockeying(self, ind):  # noqa: ARG002 - the name is Ciw's
        """Where a customer goes who reneges."""
        return self.simulation.nodes[m.HOTLINE + 1]


def router(pool):
    """Where requests go after one pool; Ciw counts nodes from 1."""
    stage = m.STAGE[pool]
    if stage == 3:
        return ciw.routing.Leave()
    chance = m.RISES[stage] if stage < 2 else 0.0
    return OrHotline(destinations=[m.UP[pool] + 1], probs=[chance])


def network(model):
    """The network of one model."""
    if model == "A":
        return ciw.create_network(
            arrival_distributions=[EXP(m.ARRIVALS_PER_HOUR)],
            service_distributions=[EXP(1 / m.MEAN_SERVICE)],
            number_of_servers=[m.SERVERS],
        )
    per_pool = [EXP(1 / m.MEANS[stage]) for stage in m.STAGE]
    patience = [EXP(1 / m.PATIENCE) if stage < 3 else None for stage in m.STAGE]
    arrivals = {
        name: [
            EXP(m.REQUESTS_PER_HOUR_AND_GRID * share) if stage == 0 else None
            for stage in m.STAGE
        ]
        for name, share in CLASSES.items()
    }
    return ciw.create_network(
        arrival_distributions=arrivals,
        service_distributions=dict.fromkeys(CLASSES, per_pool),
        reneging_time_distributions=dict.fromkeys(CLASSES, patience),
        number_of_servers=[m.STAFF[stage] for stage in m.STAGE],
        priority_classes={"urgent": 0, "ordinary": 1},
        routing={
            name: ciw.routing.NetworkRouting([router(pool) for pool in range(len(m.STAGE))])
            for name in CLASSES
        },
    )


def waits_of(played):
    """Node, class, wait and whether it gave up, of each stay; ongoing services too."""
    for record in played.get_all_records():
        if record.record_type in {"service", "renege"}:
            name = record.original_customer_class
            yield record.node, name, record.waiting_time, record.record_type == "renege"
    for node in played.transitive_nodes:
        for one in node.all_individuals:
            if one.service_start_date is not False:  # False: has not begun
                wait = one.service_start_date - one.arrival_date
                yield node.id_number, one.customer_class, wait, False


def play(model, horizon, seed):
    """Play one of them."""
    described = network(model)
    ciw.seed(seed)
    with m.Clock() as clock:
        played = ciw.Simulation(described)
        played.simulate_until_max_time(horizon)
    arrived = played.nodes[0].number_of_individuals
    if model == "A":
        waits = [wait for _, _, wait, _ in waits_of(played)]
        return arrived, clock.cpu, {"wait": sum(waits) / len(waits)}
    tally = m.Tally()
    for node, name, wait, gave_up in waits_of(played):
        stage = m.STAGE[node - 1]
        if gave_up:
            tally.gave_up[stage] += 1
        else:
            tally.sums[2 * stage + (name != "urgent")] += wait
            tally.counts[2 * stage + (name != "urgent")] += 1
    return arrived, clock.cpu, tally.means()


if __name__ == "__main__":
    m.serve(play, Ciw=ciw.__version__)

"""Who waits, in order: a pairing heap, whose nodes lie in one table with links.

Entering is one comparison, and whoever is taken out leaves no trace.

Reference: Fredman, Sedgewick, Sleator and Tarjan, "The pairing heap: a new form of
self-adjusting heap", Algorithmica 1 (1986).
"""

from sim.engine.fast.jit import Records, jit


@jit
def meld(nodes: Records, one: int, other: int) -> int:
    """Join two heaps, given by their first nodes (-1: empty); the first of both."""
    if one < 0:
        return other
    if other < 0:
        return one
    a = nodes[one]
    b = nodes[other]
    first = a.major < b.major or (
        a.major == b.major
        and (a.minor < b.minor or (a.minor == b.minor and a.number < b.number))
    )
    up, down = (one, other) if first else (other, one)
    child = nodes[up].child
    nodes[down].after = child
    nodes[down].before = up
    if child >= 0:
        nodes[child].before = down
    nodes[up].child = down
    nodes[up].after = -1
    nodes[up].before = -1
    return up


@jit
def insert(nodes: Records, root: int, node: int, major: int, minor: int, number: int) -> int:
    """Put a node into a heap in order of (major, minor, number); the new first node."""
    new = nodes[node]
    new.major = major
    new.minor = minor
    new.number = number
    new.child = -1
    new.after = -1
    new.before = -1
    return meld(nodes, root, node)


@jit
def _gather(nodes: Records, first: int) -> int:
    """Join a list of heaps: in pairs on the way out, all together on the way back."""
    pairs = -1
    while first >= 0:
        second = nodes[first].after
        rest = nodes[second].after if second >= 0 else -1
        pair = meld(nodes, first, second)
        nodes[pair].after = pairs
        pairs = pair
        first = rest
    root = -1
    while pairs >= 0:
        rest = nodes[pairs].after
        root = meld(nodes, root, pairs)
        pairs = rest
    if root >= 0:
        nodes[root].after = -1
        nodes[root].before = -1
    return root


@jit
def remove(nodes: Records, root: int, node: int) -> int:
    """Take a node out of its heap; the new first node."""
    below = _gather(nodes, nodes[node].child)
    nodes[node].child = -1
    if node == root:
        return below
    before = nodes[node].before
    after = nodes[node].after
    if nodes[before].child == node:
        nodes[before].child = after
    else:
        nodes[before].after = after
    if after >= 0:
        nodes[after].before = before
    return meld(nodes, root, below)

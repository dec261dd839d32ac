"""Posts as arrays: one row for each post that is open in some mode."""

from typing import NamedTuple

import numpy as np

from sim.errors import PlanError
from sim.keys import name_key, subkey
from sim.model.system import System
from sim.plan.layout import Int, Words
from sim.plan.numbering import Numbers, overlays
from sim.plan.places import PlaceTree
from sim.plan.staffing import head_counts


class PostArrays(NamedTuple):
    """The post arrays of `sim.plan.layout.Plan`."""

    post_class: Int
    post_place: Int
    post_home: Int
    post_open: Int
    post_key: Words


def compile_posts(system: System, tree: PlaceTree, numbers: Numbers) -> PostArrays:
    """Posts by name, then place, then number in the place."""
    modes = overlays(system)
    rows: list[tuple[int, int, int, int]] = []
    opened: list[list[int]] = []
    for name in sorted(system.posts):
        post = system.posts[name]
        changed = [mode.posts.get(name) if mode else None for mode in modes]
        try:
            counts = [head_counts(tree, post.at, each or post.number)[0] for each in changed]
        except PlanError as error:
            raise error.below(f"posts.{name}.number.") from error
        for place, at in enumerate(tree.places_at(post.at).tolist()):
            own = [int(count[place]) for count in counts]
            key = name_key(f"{tree.names[at]}:post:{name}")
            home = int(tree.leaf_place[tree.leaves[at][0]])
            for number in range(max(own)):
                rows.append((numbers.classes[post.request], at, home, subkey(key, number)))
                opened.append([int(number < count) for count in own])
    columns = list(zip(*rows, strict=True)) or [()] * 4
    return PostArrays(
        post_class=np.array(columns[0], np.int64),
        post_place=np.array(columns[1], np.int64),
        post_home=np.array(columns[2], np.int64),
        post_open=np.array(opened, np.int64).reshape(len(rows), len(modes)).T,
        post_key=np.array(columns[3], np.uint64),
    )

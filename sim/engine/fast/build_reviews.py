"""The tables of reviews, careers and posts: what is rated and counted, who must be where."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.demand.layout import DemandTrace
from sim.engine.fast.state import (
    CAREER,
    CAREER_KIND,
    POST,
    READING,
    REVIEW,
    SUBJECT,
    records,
)
from sim.plan.layout import Plan

Array = NDArray[Any]
LEARNT = 1 << 40
"""Weeks of service of those who are there at time 0."""


def careers(plan: Plan, trace: DemandTrace) -> dict[str, Array]:
    """What changes in a person over the weeks, and the rules of each type of pool."""
    del trace
    learns = np.diff(plan.learning_ptr) > 0
    return {
        "careers": records(CAREER, len(plan.worker_pool), service=LEARNT, hiring=-1),
        "career_kinds": records(
            CAREER_KIND,
            len(plan.fatigue_norm),
            is_any=learns | (plan.fatigue_norm >= 0) | (plan.exit_law >= 0),
            learning=plan.learning_ptr[:-1],
            learning_end=plan.learning_ptr[1:],
            norm=plan.fatigue_norm,
            step=plan.fatigue_step,
            recovery=plan.fatigue_recovery,
            fatigue=plan.fatigue_ptr[:-1],
            fatigue_end=plan.fatigue_ptr[1:],
            exit_law=plan.exit_law,
        ),
        "week_at": plan.week_at,
        "learning_pace": plan.learning_pace,
        "fatigue_pace": plan.fatigue_pace,
        "exit_limit": plan.exit_limit,
    }


def reviews(plan: Plan, trace: DemandTrace) -> dict[str, Array]:
    """Reviews, their subjects at the level they begin with, and what they read."""
    count = len(plan.review_effect)
    reading_of = np.repeat(np.arange(count), np.diff(plan.reading_ptr))
    subject_of = np.repeat(np.arange(count), np.diff(plan.review_first))
    rounds = [np.flatnonzero(trace.requests.source == each) for each in plan.review_source]
    ends = np.cumsum([0, *map(len, rounds)])
    return {
        "reviews": records(
            REVIEW,
            count,
            effect=plan.review_effect,
            next=plan.review_ptr[:-1],
            end=plan.review_ptr[1:],
            first=plan.review_first[:-1],
            last=plan.review_first[1:],
            scaled=plan.review_scaled,
            share=plan.review_share,
            least=plan.review_least,
            law=plan.review_law,
            most=plan.review_most,
            above=plan.review_above,
            below=plan.review_below,
            line=plan.review_line,
            response=plan.review_response,
            pace=plan.review_pace,
            rounds=ends[:-1],
            rounds_end=ends[1:],
        ),
        "review_at": plan.review_at,
        "review_of_place": plan.review_of_place,
        "review_of_worker": plan.review_of_worker,
        "subjects": records(
            SUBJECT,
            len(plan.subject_place),
            place=plan.subject_place,
            pool=plan.subject_pool,
            worker=plan.subject_worker,
            group=plan.subject_group,
            level=plan.review_most[subject_of],
        ),
        "readings": records(
            READING,
            len(plan.reading_count),
            read=plan.reading_count,
            review=reading_of,
            weight=plan.reading_weight,
            divides=plan.reading_base,
        ),
        "reading_class": plan.reading_class,
        "rounds": np.concatenate([np.empty(0, np.int64), *rounds]),
        "place_leaves": plan.place_leaves,
        "leaf_place": plan.leaf_place,
        "level_pace": plan.level_pace,
        "level_limit": plan.level_limit,
        "drill_at": plan.drill_at,
        "drill_activation": plan.drill_activation,
    }


def posts(plan: Plan, trace: DemandTrace) -> dict[str, Array]:
    """Posts that are manned round the clock, all closed."""
    del trace
    return {
        "posts": records(
            POST,
            len(plan.post_place),
            duty=plan.post_class,
            place=plan.post_place,
            home=plan.post_home,
            request=-1,
            key=plan.post_key,
        ),
        "post_open": plan.post_open,
    }

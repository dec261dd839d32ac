"""A small town in which everything happens, played once for each test that asks for it."""

from functools import lru_cache

import yaml

from sim.demand.trace import draw_trace
from sim.engine.reference import play
from sim.eventlog import EventLog
from sim.model.system import System
from sim.plan.compile import compile_plan
from sim.plan.layout import Plan

HOUR = 3_600_000_000
DAY = 24 * HOUR

TOWN = """
name: town
title: {en: Town, zh: 小镇}
run: {horizon: 20 d, warm_up: 2 d, cool_down: 5 d, start: 2024-03-04 06:00, tick: 1 min}
places:
  root: {level: town, name: town, households: 4000}
  levels:
    community: {within: town, count: 3}
    grid: {within: community, per_parent: 4}
calendars:
  office: {week: {mon-fri: ["08:30-12:00", "13:30-17:30"]}}
  rota: {rota: {shift: 12 h, groups: 2}}
sources:
  calls: {kind: arrivals, at: grid, classes: {leak: 0.5, noise: 0.25, form: 0.25}, rate: 9/d}
  rounds:
    {kind: duty, request: patrol, at: grid, times: 2, every: day, calendar: rota}
  damage:
    {kind: hazard, at: grid, rate: 0.5/d, patrol: patrol, finds: 0.05, found: form,
     surfaces_after: {exponential: 6 d}, surfaced: leak, reporting: 0.8}
  cases: {kind: arrivals, at: community, classes: {case: 1}, rate: 0.5/d}
requests:
  watch: {kind: duty, flow: stand}
  case: {flow: joint, priority: 8, preemptible: true, work: 20 min}
  leak:
    flow: climb
    priority: 2
    preempts: true
    closing: {grid: 0.6, community: 0.3, office: 0.1}
    work: {exponential: 70 min}
    work_at: {office: 3 h}
    external: {office: 9 h}
    limit: {after: 24 h}
    cost: 20 CNY
    timers:
      patience: {after: {exponential: 40 h}, then: mark, channel: hotline}
      anger: {after: 60 h, then: mark, channel: petition}
      again: {after: 20 h, then: mark, channel: repeat}
      push: {after: 30 h, then: rise, priority: 1}
      watch: {after: 36 h, then: supervise, every: 24 h}
  noise:
    flow: climb
    preemptible: true
    closing: {grid: 0.9, community: 0.1}
    work: {lognormal: {mean: 50 min, cv: 1}}
    limit: {after: 8 work-hours, clock: office, start: acceptance}
    timers:
      patience: {after: {exponential: 30 h}, start: dispatch, until: start, then: leave}
  form:
    flow: desk
    preemptible: true
    work: 40 min
    limit: {after: 2 workdays, clock: office}
  patrol: {kind: duty, flow: patrol, priority: 9, preemptible: true, work: 2 h}
ladders:
  up:
    order: [grid, community, office]
    rungs:
      grid: {line: grids, triage: 10 min, hand_off: {exponential: 2 h}, misrouting: 0.3,
             return_after: 1 h}
      community: {line: communities, triage: 20 min, hand_off: 3 h}
      office: {line: offices}
flows:
  climb:
    start: up
    steps:
      up: {ladder: up, next: ask}
      ask: {evaluate: {verdicts: view, rework: up, cap: 2}}
  desk:
    start: wait
    steps:
      wait: {delay: 30 min, next: hear}
      hear: {gate: {gate: hearing, admit: 0.9, otherwise: settle}, next: settle}
      settle:
        vote: {parties: 3, consent: 0.6, rounds: 3, between: 2 h, failed: serve}
        next: buy
      buy:
        pay: {account: purse, amount: {low: 10 CNY, high: 50 CNY}, otherwise: serve}
        next: serve
      serve: {work: {line: communities}, next: ask}
      ask: {evaluate: {verdicts: view}}
  joint:
    start: meet
    steps:
      meet:
        join: {form: together, lines: [communities, offices], response: 0.7,
               answer: {exponential: 3 h}, interval: 6 h, rounds: 2, otherwise: share}
        next: share
      share:
        join: {form: parts, lines: [communities, offices], response: 0.9, otherwise: check}
        next: check
      check: {work: {line: communities, content: 5 min}}
  stand: {start: stand, steps: {stand: {work: {line: doors, content: 1 h}}}}
  patrol: {start: walk, steps: {walk: {work: {line: grids}}}}
gates:
  hearing:
    at: community
    sessions: office
    batch: 2
    outcome: {pass: 0.7, refuse: 0.1, next: 0.2}
accounts: {purse: {at: community, balance: 200 CNY, refill: 300 CNY, every: month}}
verdicts:
  view: {delay: {exponential: 10 h}, edges: [0.5, 1], resolved: [0.9, 0.8, 0.6],
         satisfied: [0.9, 0.7, 0.4], reopened: [0.8]}
lines:
  grids: {at: grid, limit: 6}
  communities: {at: community}
  offices: {}
  doors: {}
posts: {door: {request: watch}}
pools:
  porters: {staff: 0, serves: [doors]}
  grid_workers: {at: grid, staff: STAFF, serves: [grids], calendar: rota, shift_end: pause,
                 pay: 6000 CNY/month}
  clerks: {at: community, staff: STAFF, serves: [communities], calendar: office,
           shift_end: hand_over, pay: 30 CNY/h, learning: [0.5]}
  experts: {staff: STAFF, serves: [offices], calendar: office, shift_end: finish}
modes:
  war:
    enter: {at: 8 d}
    posts: {door: 2}
    leave: {lasts: 4 d}
    mobilisation: {exponential: 6 h}
    running: pause
    pools:
      porters: {staff: 1}
      grid_workers: {staff: WAR, calendar: always}
      clerks: {serves: [communities, grids], calendar: rota, productivity: 1.3}
    requests: {form: {suspended: hold}, noise: {suspended: refuse}}
  recovery:
    enter: {after: war}
    leave: {lasts: 2 d}
"""


@lru_cache
def town(staff: int = 2, seed: int = 1) -> tuple[EventLog, Plan]:
    """Play the town once."""
    text = TOWN.replace("STAFF", str(staff)).replace("WAR", str(2 * staff))
    plan = compile_plan(System.model_validate(yaml.safe_load(text)))
    return play(plan, draw_trace(plan, seed, 0)), plan

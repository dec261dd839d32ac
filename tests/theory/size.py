"""Replications that give each case its power, from pilot runs with another seed.

``python -m tests.theory.size [--engine fast] [NAME …]`` plays pilots of a part of each run and
writes `sizes`. The variance of an average over time falls with the length of the run, so a
pilot of a sixteenth of it tells the variance of the whole. Half as much again is added, since
the pilot's variance is itself uncertain.
"""

import sys
from dataclasses import replace
from pathlib import Path

from tests.oracles.interval_test import mean_test, share_of_family
from tests.theory.playing import ALPHA_FULL, CASES, FAMILY, samples
from tests.theory.sizes import SIZES

ROOT = Path(__file__).resolve().parent.parent.parent
SIZES_FILE = ROOT / "tests/theory/sizes.py"
PILOTS, PART, MARGIN, LEAST = 24, 16, 1.5, 6
SHORT = 100  # hours; a shorter run is one sample, and is played whole
HEAD = '"""Replications of each case; written by `python -m tests.theory.size`."""\n\n'


def pilot(case, engine):
    """Replications that the case needs, by its most demanding check."""
    part, count = (1, 3 * PILOTS) if case.whole or case.horizon < SHORT else (PART, PILOTS)
    length = (case.horizon - case.warm_up) / part
    shorter = replace(case, horizon=case.warm_up + length)
    columns = samples(ROOT, shorter, ("run.seed=777",), engine, count)
    needed = LEAST
    for column, check in zip(columns, case.checks, strict=True):
        truth = check.truth()
        if abs(truth) < 1e-12:
            continue
        level = share_of_family(ALPHA_FULL, FAMILY)
        # Students's law of many replications, not of the few of the pilot.
        found = mean_test(column * 50, truth, alpha=level, bias=check.bias)
        width = found.half_width * 50**0.5
        needed = max(needed, count * (width / found.allowed_half_width) ** 2 / part)
    return int(MARGIN * needed) + 1


def main(arguments):
    """Play the pilots that are asked for, or all that are missing."""
    engine = "reference"
    if "--engine" in arguments:
        at = arguments.index("--engine")
        engine = arguments[at + 1]
        arguments = [*arguments[:at], *arguments[at + 2 :]]
    wanted = arguments or [case.name for case in CASES if case.name not in SIZES]
    for case in CASES:
        if case.name in wanted:
            SIZES[case.name] = pilot(case, engine)
            print(case.name, SIZES[case.name], flush=True)
            write()


def write():
    """Write what is known by now."""
    lines = [f'    "{case.name}": {SIZES[case.name]},' for case in CASES if case.name in SIZES]
    text = HEAD + "SIZES: dict[str, int] = {\n" + "\n".join(lines) + "\n}\n"
    SIZES_FILE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

"""Replications that give each case its power, from pilot runs with another seed.

``python -m tests.theory.size [--engine fast] [NAME …]`` plays half the length of each run, and
writes `sizes`. The variance of an average over time falls with the length of the run. Two
fifths are added, since the pilot's variance is itself uncertain.
"""

import math
import sys
from dataclasses import replace
from pathlib import Path
from statistics import stdev

from scipy import stats

from tests.oracles.interval_test import DEFAULT_POWER, share_of_family
from tests.theory.playing import ALPHA_FULL, ALPHA_QUICK, CASES, FAMILY, samples
from tests.theory.quick import QUICK, QUICK_FAMILY
from tests.theory.sizes import SIZES

ROOT = Path(__file__).resolve().parent.parent.parent
SIZES_FILE = ROOT / "tests/theory/sizes.py"
PILOTS, PART, MARGIN = 40, 2, 1.4
SHORT = 100  # hours; a shorter run is one sample, and is played whole
HEAD = '"""Replications of each case; written by `python -m tests.theory.size`."""\n\n'
EVERY = {
    **{case.name: (case, share_of_family(ALPHA_FULL, FAMILY)) for case in CASES},
    **{case.name: (case, share_of_family(ALPHA_QUICK, QUICK_FAMILY)) for case in QUICK},
}


def enough(deviation, allowed, level):
    """Replications with which a bias is seen, by Student's law for so many."""
    n = 8
    while True:
        both = stats.t.ppf(1 - level / 2, n - 1) + stats.t.ppf(DEFAULT_POWER, n - 1)
        if both * deviation / math.sqrt(n) <= allowed:
            return n
        n += 1 + n // 50


def pilot(case, level, engine):
    """Replications that the case needs, by its most demanding check."""
    whole = case.whole or case.horizon < SHORT
    part, count = (1, 5 * PILOTS) if whole else (PART, PILOTS)
    length = (case.horizon - case.warm_up) / part
    shorter = replace(case, horizon=case.warm_up + length)
    columns = samples(ROOT, shorter, ("run.seed=777",), engine, count)
    needed = [
        enough(stdev(column) / math.sqrt(part), check.bias * abs(check.truth()), level)
        for column, check in zip(columns, case.checks, strict=True)
        if abs(check.truth()) > 1e-12
    ]
    return int(MARGIN * max(needed, default=8)) + 1


def main(arguments):
    """Play the pilots that are asked for, or all that are missing."""
    engine = "reference"
    if "--engine" in arguments:
        at = arguments.index("--engine")
        engine = arguments[at + 1]
        arguments = [*arguments[:at], *arguments[at + 2 :]]
    for name in arguments or [name for name in EVERY if name not in SIZES]:
        SIZES[name] = pilot(*EVERY[name], engine)
        print(name, SIZES[name], flush=True)
        lines = [f'    "{name}": {SIZES[name]},' for name in EVERY if name in SIZES]
        text = HEAD + "SIZES: dict[str, int] = {\n" + "\n".join(lines) + "\n}\n"
        SIZES_FILE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

"""What a random number is for: one word of its key, so that uses never share a number.

The values are part of every result ever published with a seed. A number here is never changed
and never used again for something else; a new purpose takes a new number (at most 255).
"""

from enum import IntEnum, unique


@unique
class Purpose(IntEnum):
    """Every use of randomness, by the subject that it is keyed to."""

    # Demand: who raises what, when.
    ARRIVAL_GAP = 1
    """Unit-rate gap before the n-th arrival of a source (subject: place and source)."""
    OVERDISPERSION = 2
    """Level of demand in the n-th period of a source."""
    HOUSEHOLD = 3
    """Which household raises the request."""
    CLASS = 4
    """Class of the request."""
    LEVEL = 5
    """Lowest level with the authority to close the request."""
    PLACE_SIZE = 6
    """Spread of households, persons and shops over places."""
    VISIT_PHASE = 7
    """Where in its period a scheduled duty falls."""
    SHOCK = 8
    """Which places and classes a shock hits, and how hard."""
    UPTIME = 9
    """Time from the last closing to the next request of a finite population."""
    CHANNEL = 10
    """Channel by which the request comes in."""

    # Handling: the subject is the request, the ordinal its visit, round or offer.
    WORK = 20
    """Work content of a step."""
    DELAY = 21
    """Length of a delay in which nobody is busy."""
    BRANCH = 22
    """Which branch of a flow is taken."""
    PATIENCE = 23
    """How long the resident waits before the next rung (hotline, petition, leaving)."""
    EVALUATION = 24
    """Whether the resident is satisfied."""
    REPEAT = 25
    """Whether the same matter is reported again, and after how long."""
    MISROUTE = 26
    """Whether the request is sent to the wrong pool."""
    HAND_OFF = 27
    """Delay of a hand-off to another level."""
    RETURN = 28
    """Delay before a misrouted request comes back."""
    RESOLVED = 29
    """Whether the resident counts the matter as resolved."""
    SESSION = 30
    """What a session decides about the request (ordinal: hearing << 32 | step key)."""
    AMOUNT = 31
    """How much is paid out of an account."""

    # People.
    MOBILISATION = 40
    """Delay before the n-th person called up in a mode is there."""
    ATTENDANCE = 41
    """Whether a worker comes to the n-th shift."""
    ATTRITION = 42
    """Whether a person leaves the post for good in the n-th week."""
    JOIN_RESPONSE = 43
    """Whether and when a pool answers the n-th call to a joint task."""
    CLAIM = 44
    """Which volunteer takes an offered task, or none."""
    CONSENT = 45
    """Whether a household agrees (votes, works, visits)."""
    ACCEPT = 46
    """Whether a single person accepts an assignment."""
    HIRING = 47
    """Time until the n-th person of a post is there."""

    # Latent hazards: the subject is the hazard.
    HAZARD_BIRTH = 60
    """Unit-rate gap before the n-th hazard of a place."""
    HAZARD_FIND = 61
    """Number of completed rounds that find the hazard."""
    HAZARD_SURFACE = 62
    """Delay after which the hazard surfaces by itself."""
    HAZARD_DUPLICATE = 63
    """Whether and when others report the same hazard."""
    HAZARD_REPORT = 64
    """Whether the hazard is reported when it surfaces for the n-th time."""

    # Experiments.
    DESIGN = 80
    """Seed of the generator that lays out a design."""

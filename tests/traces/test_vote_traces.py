"""Deliberation: rounds until all consent, or until the cap."""

from tests.traces.playing import played

VOTE = """
run: {horizon: 100 s}
sources: {callers: {kind: arrivals, times: [0 s], classes: {call: 1}}}
requests: {call: {flow: f, work: 2 s}}
flows:
  f:
    start: %(start)s
    steps:
      %(meet)s
      agree: {vote: {parties: 3, %(vote)s, failed: drop}, next: build}
      build: {work: {line: desk, content: 7 s}}
      drop: {delay: 1 s, next: leave}
lines: {desk: {}}
pools: {clerks: {staff: 1, serves: [desk]}}
"""
TOLD = ("VOTE", "START", "END", "DELAY", "CLOSE", "LEAVE")


def vote(rules, start="agree", meet="", seed=1):
    return played(VOTE % {"vote": rules, "start": start, "meet": meet}, seed=seed)


def test_a_loop_of_meetings_ends_by_its_cap():
    # Each round is a meeting of 2 s and a pause of 5 s; after the third there is no other.
    run = vote(
        "consent: 0, rounds: 3, between: 5 s, again: meet",
        start="meet",
        meet="meet: {work: {line: desk}, next: agree}",
    )
    assert run.story(*TOLD) == [
        "0 START r0 w0 =2", "2 END r0 w0", "2 VOTE r0 round 1 =0", "2 DELAY r0 =5",
        "7 START r0 w0 =2", "9 END r0 w0", "9 VOTE r0 round 2 =0", "9 DELAY r0 =5",
        "14 START r0 w0 =2", "16 END r0 w0", "16 VOTE r0 round 3 =0",
        "16 DELAY r0 =1", "17 LEAVE r0",
    ]  # fmt: skip


def test_a_vote_succeeds_at_once_where_all_consent():
    run = vote("consent: 1, rounds: 3, between: 5 s")
    assert run.story(*TOLD) == [
        "0 VOTE r0 round 1 =3", "0 START r0 w0 =7", "7 END r0 w0", "7 CLOSE r0",
    ]  # fmt: skip


def test_consent_is_kept_from_round_to_round_until_it_is_enough():
    succeeded = 0
    for seed in range(1, 9):
        run = vote("consent: 0.5, rounds: 4, between: 5 s", seed=seed)
        votes = [row.split() for row in run.story("VOTE")]
        assert [row[0] for row in votes] == ["0", "5", "10", "15"][: len(votes)]
        assert [row[4] for row in votes] == ["1", "2", "3", "4"][: len(votes)]
        counts = [int(row[5].removeprefix("=")) for row in votes]
        assert counts == sorted(counts)
        assert all(count < 3 for count in counts[:-1])
        assert counts[-1] == 3 or len(votes) == 4
        end = run.story("CLOSE", "LEAVE")
        last = int(votes[-1][0])
        assert end == (
            [f"{last + 7} CLOSE r0"] if counts[-1] == 3 else [f"{last + 1} LEAVE r0"]
        )
        succeeded += counts[-1] == 3 and len(votes) > 1
    assert succeeded, "some vote takes more than one round"


def test_need_may_be_less_than_all():
    for seed in range(1, 9):
        rounds = vote("consent: 0.5, need: 2, rounds: 9, between: 5 s", seed=seed)
        counts = [int(row.rpartition("=")[2]) for row in rounds.story("VOTE")]
        assert all(count < 2 for count in counts[:-1])
        assert counts[-1] >= 2


def test_one_round_is_a_plain_vote():
    run = vote("consent: 0")
    assert run.story(*TOLD) == ["0 VOTE r0 round 1 =0", "0 DELAY r0 =1", "1 LEAVE r0"]


def test_a_vote_that_failed_starts_afresh_when_the_request_comes_back():
    text = VOTE.replace("drop: {delay: 1 s, next: leave}", "drop: {delay: 3 s, next: agree}")
    text = text.replace("horizon: 100 s", "horizon: 30 s")
    rules = {"vote": "consent: 0, rounds: 2, between: 5 s", "start": "agree", "meet": ""}
    run = played(text % rules)
    assert run.story("VOTE") == [
        "0 VOTE r0 round 1 =0", "5 VOTE r0 round 2 =0", "8 VOTE r0 round 1 =0",
        "13 VOTE r0 round 2 =0", "16 VOTE r0 round 1 =0", "21 VOTE r0 round 2 =0",
        "24 VOTE r0 round 1 =0", "29 VOTE r0 round 2 =0",
    ]  # fmt: skip

"""The referee's view of joins: who was called, who came, and whether they could have begun."""

from sim.plan.codes import Code, JoinFailure, StepKind


class Joint:
    """A join as the log shows it."""

    def __init__(self, plan, row):
        self.number, self.since, self.place = row.amount, row.time, row.place
        steps = (plan.step_kind == StepKind.JOIN) & (plan.step_table == self.number)
        (step,) = steps.nonzero()[0].tolist()
        self.need, self.cap = int(plan.step_least[step]), int(plan.step_cap[step])
        self.together = bool(plan.join_together[self.number])
        self.patience = int(plan.join_patience[self.number])
        self.interval = int(plan.join_interval[self.number])
        called = plan.join_line[plan.join_ptr[self.number] : plan.join_ptr[self.number + 1]]
        self.lines = [int(plan.line_of[line][row.place]) for line in called]
        self.calls, self.answered, self.starts = {}, set(), []
        self.entered, self.ended, self.is_over = set(), 0, False


class Joins:
    """All joins on their way; `referee` knows the tasks."""

    def __init__(self, referee, request_class):
        self.referee, self.request_class = referee, request_class
        self.open = {}

    def take(self, row):
        """A call, an answer, or the end of a join."""
        if row.code == Code.JOIN_CALL:
            self._called(row)
            return
        joint = self.open[row.request]
        if row.code == Code.JOIN_ANSWER:
            assert row.line not in joint.answered
            assert not joint.starts or not joint.together, "the answer is of no use any more"
            assert joint.calls[row.line][row.ordinal] == row.time - row.amount
            joint.answered.add(row.line)
            return
        assert row.amount == row.time - joint.since
        self._over(row, joint)

    def _called(self, row):
        joint = self.open.setdefault(row.request, None) or Joint(self.referee.plan, row)
        self.open[row.request] = joint
        assert joint.number == row.amount
        assert row.line in joint.lines
        assert row.line not in joint.answered, "who has answered is not called again"
        assert not joint.starts or not joint.together, "nor is anybody once they have begun"
        calls = joint.calls.setdefault(row.line, {})
        assert row.ordinal not in calls
        assert row.ordinal <= joint.cap
        assert row.time == joint.since + (row.ordinal - 1) * joint.interval
        calls[row.ordinal] = row.time

    def _over(self, row, joint):
        jobs = [job for job in self.referee.jobs.values() if job.joint is joint]
        if row.code == Code.JOIN_DONE:
            assert row.ordinal == joint.ended >= joint.need
        else:
            assert joint.ended < joint.need
        if row.code == Code.JOIN_FAIL and row.ordinal == JoinFailure.PATIENCE:
            assert joint.together
            assert not joint.starts
            assert row.amount == joint.patience
        if row.code == Code.JOIN_FAIL and row.ordinal == JoinFailure.SILENCE:
            assert len(joint.answered) < joint.need
            assert row.amount >= joint.cap * joint.interval
        assert all(job.state == "running" for job in jobs), "what nobody works on is withdrawn"
        if joint.together and joint.starts:
            times, workers, lines = zip(*joint.starts, strict=True)
            assert len(joint.starts) == len(set(workers)) == len(set(lines)) == joint.need
            assert len(set(times)) == 1, "they begin at one instant"
            assert not jobs or row.code == Code.JOIN_FAIL
        joint.is_over = True
        self.referee.spent[row.request]["joint"] += row.time - joint.since
        del self.open[row.request]

    def enters(self, row):
        """A part enters its line: one for each line that has answered."""
        joint = self.open.get(row.request)
        if joint is not None:
            assert row.line in joint.answered - joint.entered
            joint.entered.add(row.line)

    def starts(self, row):
        """A part or a member begins."""
        joint = self.referee.jobs[row.request, row.ordinal].joint
        joint.starts.append((row.time, row.worker, row.line))

    def nobody_waits_who_could_begin(self, time):
        """Enough free members begin at once, unless their class is suspended."""
        for number, joint in self.open.items():
            waits = joint.together and not joint.starts
            if not waits or self.referee.is_suspended(joint.place, self.request_class[number]):
                continue
            free = [self.referee.idle_by_line(line) for line in joint.answered]
            assert _most(free) < joint.need, f"request {number} could begin at {time}"


def _most(choices):
    """The largest number of sets that can each have a member of its own."""
    holder = {}

    def placed(n, asked):
        for worker in choices[n] - asked:
            asked.add(worker)
            if worker not in holder or placed(holder[worker], asked):
                holder[worker] = n
                return True
        return False

    return sum(placed(n, set()) for n in range(len(choices)))

"""Read a log as a referee would: nothing of the engine, only the rules and the plan."""

from collections import Counter, defaultdict

from sim.plan.codes import Code, ShiftEnd, Suspension
from tests.laws.replay_joins import Joins

WAITING, RUNNING, KEPT, HELD = "waiting", "running", "kept", "held"
FINAL = {Code.DONE, Code.LEAVE}
PEOPLE = {Code.POST, Code.WITHDRAWN, Code.WORKER_ON, Code.WORKER_OFF}
MODES = {Code.MODE_CALL, Code.MODE_CANCEL, Code.MODE_ENTER, Code.MODE_LEAVE}
HAZARDS = {
    Code.HAZARD_BORN, Code.HAZARD_UNREPORTED, Code.HAZARD_FOUND, Code.HAZARD_SURFACED,
}  # fmt: skip
JOINS = {Code.JOIN_CALL, Code.JOIN_ANSWER, Code.JOIN_DONE, Code.JOIN_FAIL}
HEARD = {Code.GATE_PASS, Code.GATE_REFUSE}


class Job:
    """A task as the log shows it."""

    def __init__(self, row, joint):
        self.entered, self.since, self.line = row.time, row.time, row.line
        self.joint = joint
        self.state, self.worker, self.rest = WAITING, None, None
        self.speed, self.owner = 1000, None


class Row:
    """One row of the log."""

    def __init__(self, log, n):
        for name in ("time", "request", "ordinal", "place", "pool", "line", "worker", "mode"):
            setattr(self, name, int(getattr(log, name)[n]))
        self.amount, self.code = int(log.amount[n]), Code(log.code[n])


class Referee:
    """Walks through the rows and asserts what must hold after each and at each instant."""

    def __init__(self, plan, log):
        self.plan = plan
        self.rows = [Row(log, n) for n in range(log.n_rows)]
        self.scope_mode = defaultdict(int)
        self.posted, self.on, self.busy = set(), set(), {}
        self.jobs = {}
        """By request and visit: a request has several only while it is in a join, and those
        that go on for nobody after it."""
        self.joins = Joins(self, log.requests.request_class)
        self.latent, self.at_gate = set(), {}
        self.spent = defaultdict(Counter)
        self.reported, self.final, self.closed = {}, {}, {}
        self.modes = {}
        self.owned_lines = set(plan.step_line[plan.step_same_worker > 0].tolist())

    def check(self):
        """Go through the whole log."""
        rows = self.rows
        for n, row in enumerate(rows):
            following = rows[n + 1 : n + 3]
            self._take(row, following)
            if n + 1 == len(rows) or rows[n + 1].time > row.time:
                self._nobody_idles_beside_work(row.time)
                self.joins.nobody_waits_who_could_begin(row.time)
            assert n == 0 or row.time >= rows[n - 1].time
        return self

    # ---- rows

    def _take(self, row, following):
        if row.code in PEOPLE:
            self._take_people(row)
        elif row.code in MODES:
            self._take_mode(row)
        elif row.code in HAZARDS:
            self._take_hazard(row)
        elif row.code != Code.REFILL:
            self._take_request(row, following)

    def _take_people(self, row):
        worker = row.worker
        if row.code == Code.POST:
            assert worker not in self.posted
            self.posted.add(worker)
        elif row.code == Code.WITHDRAWN:
            assert worker in self.posted
            assert worker not in self.on
            assert worker not in self.busy
            self.posted.discard(worker)
            for job in self.jobs.values():
                if job.owner == worker:
                    job.owner = None
                if job.state == KEPT and job.worker == worker:
                    job.state, job.worker = WAITING, None
        elif row.code == Code.WORKER_ON:
            assert worker in self.posted
            assert worker not in self.on
            self.on.add(worker)
        else:
            assert worker in self.on
            assert worker not in self.busy
            self.on.discard(worker)

    def _take_mode(self, row):
        if row.code == Code.MODE_ENTER:
            self.scope_mode[row.place] = row.mode
        elif row.code == Code.MODE_LEAVE:
            self.scope_mode[row.place] = row.amount
        self.modes.clear()

    def _mode(self, place):
        if place not in self.modes:
            at = place
            while at >= 0 and not self.scope_mode[at]:
                at = int(self.plan.place_parent[at])
            self.modes[place] = self.scope_mode[at] if at >= 0 else 0
        return self.modes[place]

    def _take_hazard(self, row):
        if row.code == Code.HAZARD_BORN:
            assert row.ordinal not in self.latent
            self.latent.add(row.ordinal)
        assert row.ordinal in self.latent
        if row.code in {Code.HAZARD_FOUND, Code.HAZARD_SURFACED}:
            self.latent.discard(row.ordinal)

    def _take_request(self, row, following):
        number, code = row.request, row.code
        job = self.jobs.get((number, row.ordinal))
        after = job is not None and job.joint is not None and job.joint.is_over
        assert number not in self.final or after, "nothing happens after the end of a request"
        assert (number in self.reported) == (code != Code.ARRIVAL)
        if code == Code.ARRIVAL:
            self.reported[number] = row.time
        elif code == Code.ENTRY:
            joint = self.joins.open.get(number)
            assert joint is not None or not self._jobs_of(number)
            self.jobs[number, row.ordinal] = job = Job(row, joint)
            self.joins.enters(row)
        elif code in {Code.START, Code.RESUME}:
            self._begins(row, job)
        elif code in {Code.PAUSE, Code.END}:
            self._stops(row, following, job)
        elif code in JOINS:
            self.joins.take(row)
        elif code in {Code.HOLD, Code.RELEASE}:
            self._state(row, job, HELD if code == Code.HOLD else WAITING)
        elif code == Code.WITHDRAW and row.line >= 0:
            self._withdraws(row, job)
        else:
            self._takes_no_task(row)

    def _takes_no_task(self, row):
        number, code = row.request, row.code
        if code == Code.GATE_WAIT:
            self.at_gate[number] = row.time
        elif code in HEARD or code == Code.WITHDRAW:
            assert row.amount == row.time - self.at_gate[number]
            self.spent[number]["gate"] += row.time - self.at_gate.pop(number)
        elif code in {Code.DELAY, Code.HAND_OFF, Code.RETURN}:
            self.spent[number]["delay"] += row.amount
        else:
            self._closes(row)

    def _jobs_of(self, number):
        """Tasks that the request waits for."""
        mine = [job for (request, _), job in self.jobs.items() if request == number]
        return [job for job in mine if job.joint is None or not job.joint.is_over]

    def _withdraws(self, row, job):
        may_be = {WAITING, HELD} if job.joint is None else {WAITING, HELD, KEPT}
        assert job.state in may_be
        assert row.amount == row.time - job.entered
        self._state(row, job, WAITING)
        del self.jobs[row.request, row.ordinal]

    def _closes(self, row):
        number, code = row.request, row.code
        if code == Code.CLOSE:
            self.closed[number] = row.time
        elif code == Code.VERDICT:
            self.spent[number]["delay"] += row.time - self.closed[number]
        elif code in FINAL:
            assert not self._jobs_of(number)
            assert number not in self.joins.open
            assert number not in self.at_gate
            self.final[number] = row.time

    def _state(self, row, job, state):
        # Parts of a join lie side by side: the time of the join counts as one.
        if job.joint is None:
            self.spent[row.request][job.state] += row.time - job.since
        job.state, job.since = state, row.time

    def _begins(self, row, job):
        plan, worker = self.plan, row.worker
        assert job.state in {WAITING, KEPT, HELD} or job.worker is None
        assert worker in self.on, "only people on duty work"
        assert worker not in self.busy, "nobody works on two things at once"
        assert row.line == job.line
        pool = int(plan.worker_pool[worker])
        assert pool == row.pool
        if row.code == Code.START:
            assert job.rest is None
            job.rest = row.amount
            if job.joint is not None:
                self.joins.starts(row)
            elif int(plan.line_type[job.line]) in self.owned_lines:
                job.owner = worker
        assert row.amount == job.rest, "work is neither lost nor made"
        if job.state == KEPT or job.owner is not None:
            assert worker == (job.worker if job.state == KEPT else job.owner)
        else:
            assert job.line in self._served(pool)
        self.busy[worker] = row.request, row.ordinal
        job.speed = int(plan.pool_productivity[self._mode(int(plan.pool_place[pool]))][pool])
        self._state(row, job, RUNNING)
        job.worker = worker

    def _stops(self, row, following, job):
        assert self.busy.pop(row.worker) == (row.request, row.ordinal)
        elapsed = row.time - job.since
        if row.code == Code.END:
            assert elapsed == -(-job.rest * 1000 // job.speed), "a duration is rounded up once"
            self._state(row, job, RUNNING)
            del self.jobs[row.request, row.ordinal]
            if job.joint is not None:
                job.joint.ended += 1
            return
        job.rest = max(0, job.rest - elapsed * job.speed // 1000)
        assert row.amount == job.rest
        is_kept = (
            following[0].code == Code.WORKER_OFF
            and following[0].worker == row.worker
            and self._shift_end(row.pool) == ShiftEnd.PAUSE
            and not (len(following) > 1 and following[1].code == Code.WITHDRAWN)
        )
        self._state(row, job, KEPT if is_kept else WAITING)
        job.worker = row.worker if is_kept else None

    def _shift_end(self, pool):
        return self.plan.pool_shift_end[self._mode(int(self.plan.pool_place[pool]))][pool]

    # ---- instants

    def _served(self, pool):
        plan = self.plan
        row = self._mode(int(plan.pool_place[pool])) * len(plan.pool_type) + pool
        return {int(n) for n in plan.serve_line[plan.serve_ptr[row] : plan.serve_ptr[row + 1]]}

    def idle_by_line(self, line):
        """Workers who could begin a task of the line now."""
        idle = self.on - set(self.busy)
        return {w for w in idle if line in self._served(int(self.plan.worker_pool[w]))}

    def is_suspended(self, place, request_class):
        """Whether the class is held there now."""
        return self.plan.class_suspended[self._mode(place)][request_class] == Suspension.HOLD

    def _nobody_idles_beside_work(self, time):
        waiting = {job.line for job in self.jobs.values() if self._open(job)}
        for worker in self.on - set(self.busy):
            pool = int(self.plan.worker_pool[worker])
            beside = waiting & self._served(pool)
            assert not beside, f"worker {worker} idles at {time} beside lines {beside}"
            own = {job.line for job in self.jobs.values() if self._is_own(job, worker)}
            assert not own & self._served(pool)

    @staticmethod
    def _open(job):
        return job.state == WAITING and job.owner is None

    @staticmethod
    def _is_own(job, worker):
        return job.state == WAITING and job.owner == worker

"""Read a log as a referee would: nothing of the engine, only the rules and the plan."""

from collections import Counter, defaultdict

from sim.plan.codes import Code, ShiftEnd

WAITING, RUNNING, KEPT, HELD = "waiting", "running", "kept", "held"
FINAL = {Code.DONE, Code.LEAVE}
PEOPLE = {Code.POST, Code.WITHDRAWN, Code.WORKER_ON, Code.WORKER_OFF}
MODES = {Code.MODE_CALL, Code.MODE_CANCEL, Code.MODE_ENTER, Code.MODE_LEAVE}


class Job:
    """A task as the log shows it."""

    def __init__(self, row, line):
        self.entered, self.since, self.line = row.time, row.time, line
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
            assert n == 0 or row.time >= rows[n - 1].time
        return self

    # ---- rows

    def _take(self, row, following):
        if row.code in PEOPLE:
            self._take_people(row)
        elif row.code in MODES:
            self._take_mode(row)
        else:
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

    def _take_request(self, row, following):
        number, code = row.request, row.code
        assert number not in self.final, "nothing happens after the end of a request"
        assert (number in self.reported) == (code != Code.ARRIVAL)
        if code == Code.ARRIVAL:
            self.reported[number] = row.time
        elif code == Code.ENTRY:
            assert number not in self.jobs
            self.jobs[number] = Job(row, row.line)
        elif code in {Code.START, Code.RESUME}:
            self._begins(row)
        elif code in {Code.PAUSE, Code.END}:
            self._stops(row, following)
        elif code in {Code.HOLD, Code.RELEASE}:
            job = self.jobs[number]
            self._state(row, job, HELD if code == Code.HOLD else WAITING)
        elif code == Code.WITHDRAW:
            job = self.jobs.pop(number)
            assert job.state in {WAITING, HELD}
            assert row.amount == row.time - job.entered
            self.spent[number][job.state] += row.time - job.since
        elif code in {Code.DELAY, Code.HAND_OFF, Code.RETURN}:
            self.spent[number]["delay"] += row.amount
        else:
            self._closes(row)

    def _closes(self, row):
        number, code = row.request, row.code
        if code == Code.CLOSE:
            self.closed[number] = row.time
        elif code == Code.VERDICT:
            self.spent[number]["delay"] += row.time - self.closed[number]
        elif code in FINAL:
            assert number not in self.jobs
            self.final[number] = row.time

    def _state(self, row, job, state):
        self.spent[row.request][job.state] += row.time - job.since
        job.state, job.since = state, row.time

    def _begins(self, row):
        job, plan, worker = self.jobs[row.request], self.plan, row.worker
        assert job.state in {WAITING, KEPT, HELD} or job.worker is None
        assert worker in self.on, "only people on duty work"
        assert worker not in self.busy, "nobody works on two things at once"
        assert row.line == job.line
        pool = int(plan.worker_pool[worker])
        assert pool == row.pool
        if row.code == Code.START:
            assert job.rest is None
            job.rest = row.amount
            if int(plan.line_type[job.line]) in self.owned_lines:
                job.owner = worker
        assert row.amount == job.rest, "work is neither lost nor made"
        if job.state == KEPT or job.owner is not None:
            assert worker == (job.worker if job.state == KEPT else job.owner)
        else:
            assert job.line in self._served(pool)
        self.busy[worker] = row.request
        job.speed = int(plan.pool_productivity[self._mode(int(plan.pool_place[pool]))][pool])
        self._state(row, job, RUNNING)
        job.worker = worker

    def _stops(self, row, following):
        job = self.jobs[row.request]
        assert self.busy.pop(row.worker) == row.request
        elapsed = row.time - job.since
        if row.code == Code.END:
            assert elapsed == -(-job.rest * 1000 // job.speed), "a duration is rounded up once"
            self._state(row, job, RUNNING)
            del self.jobs[row.request]
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

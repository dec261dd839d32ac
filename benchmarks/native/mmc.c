/* Model A as a loop in C: M/M/c, first come first served, times in whole microseconds.

   play() writes the event log that our engines write, every column of every row, so that the
   same work is timed; starts() is the bare loop, which writes down only when each start was. */

#include <stdint.h>
#include <stdlib.h>

enum { END = 0, SHIFT = 1, ARRIVAL = 3 };
enum { CODE_ARRIVAL = 1, CODE_ENTRY = 2, CODE_START = 3, CODE_END = 6, CODE_CLOSE = 14,
       CODE_DONE = 17, CODE_ON = 25, CODE_POST = 27 };

/* The calendar: ends of work, the earliest first, at one instant in order of request. */
typedef struct { int64_t time, request; } entry;

static inline int before(entry a, entry b) {
    return (a.time < b.time) | ((a.time == b.time) & (a.request < b.request));
}

static inline void rise(entry *heap, int64_t at, entry it) {
    while (at > 0) {
        int64_t up = (at - 1) / 2;
        if (before(heap[up], it)) break;
        heap[at] = heap[up];
        at = up;
    }
    heap[at] = it;
}

static inline void sink(entry *heap, int64_t size, entry it) {
    int64_t at = 0, child = 1;
    while (child < size) {
        if (child + 1 < size) child += before(heap[child + 1], heap[child]);
        if (before(it, heap[child])) break;
        heap[at] = heap[child];
        at = child;
        child = 2 * at + 1;
    }
    heap[at] = it;
}

/* Columns as in sim/eventlog.py, as wide as there. */
typedef struct {
    int64_t *restrict time;
    int16_t *restrict phase, *restrict code;
    int32_t *restrict request, *restrict ordinal, *restrict place, *restrict pool, *restrict line,
        *restrict worker;
    int16_t *restrict mode;
    int64_t *restrict amount;
    int64_t n;
} table;

/* One row. Place and mode are always 0. */
static inline void row(table *t, int64_t time, int64_t phase, int64_t code, int64_t request,
                       int64_t ordinal, int64_t pool, int64_t line, int64_t worker, int64_t amount) {
    int64_t n = t->n++;
    t->time[n] = time; t->phase[n] = phase; t->code[n] = code; t->request[n] = request;
    t->ordinal[n] = ordinal; t->place[n] = 0; t->pool[n] = pool; t->line[n] = line;
    t->worker[n] = worker; t->mode[n] = 0; t->amount[n] = amount;
}

/* Idle workers, idle longest first, at one instant in order of number: a ring. */
typedef struct { int64_t *since, *who, first, size, room; } ring;

static inline void idle(ring *r, int64_t since, int64_t who) {
    int64_t at = r->size++;
    for (; at > 0; at--) {
        int64_t last = (r->first + at - 1) % r->room, next = (r->first + at) % r->room;
        if (r->since[last] != since || r->who[last] < who) break;
        r->since[next] = r->since[last];
        r->who[next] = r->who[last];
    }
    r->since[(r->first + at) % r->room] = since;
    r->who[(r->first + at) % r->room] = who;
}

/* Play until `end`; the rows written, or -1 where the table is too small. */
int64_t play(int64_t n, int64_t servers, int64_t priority, int64_t end, const int64_t *at,
             const int64_t *work, void **rows, int64_t room) {
    entry *heap = malloc(sizeof(entry) * servers);
    int64_t *by = malloc(sizeof(int64_t) * n);
    ring free_ones = {malloc(8 * servers), malloc(8 * servers), 0, 0, servers};
    table t = {rows[0], rows[1], rows[2], rows[3], rows[4], rows[5],
               rows[6], rows[7], rows[8], rows[9], rows[10], 0};
    int64_t next = 0, head = 0, busy = 0;
    for (int64_t w = 0; w < servers; w++) {
        row(&t, 0, SHIFT, CODE_POST, -1, 0, 0, -1, w, 0);
        row(&t, 0, SHIFT, CODE_ON, -1, 0, 0, -1, w, 0);
        idle(&free_ones, 0, w);
    }
    for (;;) {
        int64_t arrival = next < n ? at[next] : INT64_MAX;
        int64_t first = busy ? heap[0].time : INT64_MAX;
        if ((first < arrival ? first : arrival) >= end) break;
        if (t.n + 4 > room) { t.n = -1; break; }
        if (first <= arrival) {
            int64_t done = heap[0].request, w = by[done];
            row(&t, first, END, CODE_END, done, 1, 0, 0, w, 0);
            if (head < next) {
                row(&t, first, END, CODE_START, head, 1, 0, 0, w, work[head]);
                by[head] = w;
                sink(heap, busy, (entry){first + work[head], head});
                head++;
            } else {
                busy--;
                sink(heap, busy, heap[busy]);
                idle(&free_ones, first, w);
            }
            row(&t, first, END, CODE_CLOSE, done, 1, -1, -1, -1, 0);
            row(&t, first, END, CODE_DONE, done, 1, -1, -1, -1, 0);
        } else {
            row(&t, arrival, ARRIVAL, CODE_ARRIVAL, next, next, -1, -1, -1, 0);
            row(&t, arrival, ARRIVAL, CODE_ENTRY, next, 1, -1, 0, -1, priority);
            if (busy < servers) {
                int64_t w = free_ones.who[free_ones.first];
                free_ones.first = (free_ones.first + 1) % servers;
                free_ones.size--;
                row(&t, arrival, ARRIVAL, CODE_START, next, 1, 0, 0, w, work[next]);
                by[next] = w;
                rise(heap, busy++, (entry){arrival + work[next], next});
                head = next + 1;
            }
            next++;
        }
    }
    free(heap); free(by); free(free_ones.since); free(free_ones.who);
    return t.n;
}

/* The same without a log: when each request was begun; the number of those. */
int64_t starts(int64_t n, int64_t servers, int64_t end, const int64_t *at, const int64_t *work,
               int64_t *begun) {
    entry *heap = malloc(sizeof(entry) * servers);
    int64_t next = 0, head = 0, busy = 0;
    for (;;) {
        int64_t arrival = next < n ? at[next] : INT64_MAX;
        int64_t first = busy ? heap[0].time : INT64_MAX;
        if ((first < arrival ? first : arrival) >= end) break;
        if (first <= arrival) {
            if (head < next) {
                begun[head] = first;
                sink(heap, busy, (entry){first + work[head], head});
                head++;
            } else {
                busy--;
                sink(heap, busy, heap[busy]);
            }
        } else {
            if (busy < servers) {
                begun[next] = arrival;
                rise(heap, busy++, (entry){arrival + work[next], next});
                head = next + 1;
            }
            next++;
        }
    }
    free(heap);
    return head;
}

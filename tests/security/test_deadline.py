"""Theorem: it is late when the time that was set last has come, and at no other moment."""

from math import inf

from hypothesis import given
from hypothesis import strategies as st

from service.server.deadline import Deadline


class Timer:
    def __init__(self, at, call):
        self.at, self.call = at, call

    def cancel(self):
        self.at = inf


class Loop:
    """An event loop whose time a test lets pass."""

    def __init__(self):
        self.now, self.timers = 0.0, []

    def time(self):
        return self.now

    def call_at(self, at, call):
        self.timers.append(Timer(at, call))
        return self.timers[-1]

    def wait(self, seconds):
        end = self.now + seconds
        while self.timers and min(timer.at for timer in self.timers) <= end:
            timer = min(self.timers, key=lambda timer: timer.at)
            self.timers.remove(timer)
            self.now = max(self.now, timer.at)
            timer.call()
        self.now = end

    @property
    def pending(self):
        return sum(timer.at < inf for timer in self.timers)


ACTS = st.one_of(
    st.tuples(st.just("set"), st.integers(1, 20)),
    st.tuples(st.just("lift"), st.just(0)),
    st.tuples(st.just("wait"), st.integers(1, 20)),
)


@given(st.lists(ACTS, max_size=50))
def test_whatever_is_done_it_is_late_just_when_the_last_time_set_has_come(acts):
    loop, late, expected, due = Loop(), [], [], inf
    deadline = Deadline(loop, lambda: late.append(loop.now))
    for act, seconds in acts:
        if act == "wait":
            loop.wait(seconds)
            if due <= loop.now:
                expected.append(due)
                due = inf
        elif act == "set":
            deadline.set(seconds)
            due = loop.now + seconds
        else:
            deadline.clear()
            due = inf
        assert late == expected
        assert deadline.pending == (due < inf)
        assert loop.pending <= 1


def test_what_is_forgotten_keeps_no_timer():
    loop = Loop()
    deadline = Deadline(loop, lambda: None)
    deadline.set(1)
    deadline.close()
    assert loop.pending == 0

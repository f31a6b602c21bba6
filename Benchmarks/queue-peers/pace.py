"""How a peer keeps pace with measure.py: it says where it is, and waits at two places for a line on standard input.

    ready    connected, tables made; waits
    filled   all tasks are queued; waits
    first    the first task reached its handler
    last     the last one did
"""

import os
import sys

# What every task carries: about sixty bytes, a path and a hash.
PAYLOAD = "Artist/Album/01 Title of a song.flac 9f86d081884c7d659a2feaa0"

# Tasks handed to the peer's bulk enqueue at once.
FILL_BATCH = 1000


def say(word):
    # Straight to the descriptor: a peer may have put something else in the place of sys.stdout.
    os.write(1, word.encode() + b"\n")


def pause_after(word):
    say(word)
    if not sys.stdin.readline():
        sys.exit("measure.py is gone")


def batches(total):
    """Sizes of the calls that queue `total` tasks."""
    for start in range(0, total, FILL_BATCH):
        yield min(FILL_BATCH, total - start)


class Counter:
    """Called once a task, by one thread of one process."""

    def __init__(self, total):
        self.total = total
        self.seen = 0

    def handled(self):
        """True with the last task."""
        self.seen += 1
        if self.seen == 1:
            say("first")
        if self.seen == self.total:
            say("last")
        return self.seen >= self.total

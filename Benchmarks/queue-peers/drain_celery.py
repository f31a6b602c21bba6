"""Celery on Redis, one prefork child, results off; everything else as it comes.

    drain_celery.py REDIS_URL TASKS
"""

import os
import signal
import sys

from celery import Celery

from pace import PAYLOAD, Counter, pause_after

app = Celery("bench", broker=sys.argv[1])
app.conf.task_ignore_result = True
app.conf.worker_redirect_stdouts = False
app.conf.worker_hijack_root_logger = False
counter = Counter(int(sys.argv[2]))


@app.task(name="noop")
def noop(path):
    # In the child, of which there is one.
    if counter.handled():
        os.kill(os.getppid(), signal.SIGTERM)


def main():
    with app.connection_for_write() as connection:
        producer = connection.Producer()
        pause_after("ready")
        for _ in range(counter.total):
            noop.apply_async((PAYLOAD,), producer=producer)
    pause_after("filled")
    app.worker_main(["--quiet", "worker", "--pool", "prefork", "--concurrency", "1", "--loglevel", "ERROR"])


if __name__ == "__main__":
    main()

"""procrastinate; its default is one job at once. Finished jobs stay, as by default.

    drain_procrastinate.py POSTGRES_URL TASKS CONCURRENCY
"""

import asyncio
import logging
import sys

from procrastinate import App, PsycopgConnector

from pace import PAYLOAD, Counter, batches, pause_after


async def main(url, total, concurrency):
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    app = App(connector=PsycopgConnector(conninfo=url))
    counter = Counter(total)

    @app.task(name="noop")
    async def noop(path):
        counter.handled()

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        pause_after("ready")
        for size in batches(total):
            await noop.batch_defer_async(*[{"path": PAYLOAD}] * size)
        pause_after("filled")
        await app.run_worker_async(wait=False, concurrency=concurrency, install_signal_handlers=False)


asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))

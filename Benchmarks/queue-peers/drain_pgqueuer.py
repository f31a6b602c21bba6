"""pgqueuer, batches of 100, as its guide has it: asyncpg, one connection, no limit on what runs at once.

    drain_pgqueuer.py POSTGRES_URL TASKS
"""

import asyncio
import sys

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.qm import QueueManager
from pgqueuer.queries import Queries

from pace import PAYLOAD, Counter, batches, pause_after

BATCH = 100


async def main(url, total):
    connection = await asyncpg.connect(url)
    queries = Queries(AsyncpgDriver(connection))
    manager = QueueManager(queries)
    await queries.install()
    counter = Counter(total)

    @manager.entrypoint("noop")
    async def noop(job):
        if counter.handled():
            manager.shutdown.set()

    pause_after("ready")
    for size in batches(total):
        await queries.enqueue(["noop"] * size, [PAYLOAD.encode()] * size, [0] * size)
    pause_after("filled")
    await manager.run(batch_size=BATCH)
    await connection.close()


asyncio.run(main(sys.argv[1], int(sys.argv[2])))

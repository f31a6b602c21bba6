"""The figures of measure.py as text."""

# What sillon on PostgreSQL is to reach against each peer, in tasks/s or in CPU; of the floor it may use this much more.
GOALS = {"pgqueuer": 3, "celery": 30, "procrastinate": 100, "procrastinate:default": 100}
FLOOR, FLOOR_GOAL = "c-loop", 5
OURS = "sillon"
# How much slower than a plain drain a hard one may be, in tasks/s.
HARD_GOALS = {"chain": 1 / 0.3, "scheduled": 2, "snapshot": 2}

COLUMNS = (
    ("cpu_us", "CPU us", 1), ("client_us", "client", 1), ("server_us", "server", 1), ("wal", "WAL B", 0),
    ("commits", "commits", 3), ("inserts", "ins", 2), ("updates", "upd", 2), ("deletes", "del", 2),
    ("claim_ms", "claim ms", 2),
)  # fmt: skip


def text_report(report):
    machine = report["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    load = report["load"]
    return "\n".join([
        f"{machine['at']}, {machine['processor']}, {machine['cores']} cores, Linux {machine['kernel']},"
        f" load {load['median']:.1f} ({load['min']:.1f} to {load['max']:.1f})",
        f"PostgreSQL {machine['postgresql']} (fsync {machine['fsync']}, synchronous_commit"
        f" {machine['synchronous_commit']}), Redis {machine['redis_server']}, Python {machine['python']}, {packages}",
        f"{report['tasks']} tasks a drain, {report['repeats']} rounds; medians, with the range of tasks/s; per task",
        "",
        *table(report["cells"]),
        "",
        *ratios(report["cells"]),
    ])  # fmt: skip


def table(cells):
    yield "| | tasks/s | " + " | ".join(title for _, title, _ in COLUMNS) + " |"
    yield "|---" * (len(COLUMNS) + 2) + "|"
    for name, cell in cells.items():
        rate = cell["tasks_per_second"]
        values = [f"{rate['median']:,.0f} ({rate['min']:,.0f} to {rate['max']:,.0f})"]
        values += [f"{cell[key]['median']:,.{places}f}" if key in cell else "" for key, _, places in COLUMNS]
        yield f"| {name} | " + " | ".join(values) + " |"


def ratios(cells):
    """Of medians; above 1 is better for sillon, but for the floor."""
    if OURS in cells:
        for name, goal in GOALS.items():
            if name in cells:
                rate = ratio(cells[OURS], cells[name], "tasks_per_second")
                cpu = ratio(cells[name], cells[OURS], "cpu_us")
                yield f"{OURS} / {name}: {rate:.1f}x tasks/s, {cpu:.1f}x less CPU (goal {goal}x in one of them)"
        if FLOOR in cells:
            rate = ratio(cells[FLOOR], cells[OURS], "tasks_per_second")
            cpu = ratio(cells[OURS], cells[FLOOR], "cpu_us")
            yield f"{FLOOR} / {OURS}: {rate:.1f}x tasks/s, {cpu:.1f}x less CPU (goal {FLOOR_GOAL}x at most)"
    for name, cell in cells.items():
        base, _, mode = name.partition(":")
        plain = cells.get(f"{base}:churned") if mode == "snapshot" else cells.get(base)
        if mode not in HARD_GOALS or plain is None:
            continue
        slower, claims = ratio(plain, cell, "tasks_per_second"), ratio(cell, plain, "claim_ms")
        yield f"{name}: {slower:.2f}x slower, claims {claims:.2f}x (goal {HARD_GOALS[mode]:.1f}x at most)"


def ratio(above, below, figure):
    return above[figure]["median"] / below[figure]["median"]

extension Migration {
    /// What all processes know together of the services outside: the breaker and the quota of each door.
    static let services = Migration(
        version: 12, name: "services",
        sqlite: Script(
            up: [
                """
                CREATE TABLE service_gate (
                    service TEXT NOT NULL, host TEXT NOT NULL, purpose TEXT NOT NULL CHECK (purpose IN ('work', 'look')),
                    state TEXT NOT NULL CHECK (state IN ('closed', 'open', 'half_open')),
                    failures_in_row INTEGER NOT NULL, until_at INTEGER, era INTEGER NOT NULL,
                    openings INTEGER NOT NULL, requests INTEGER NOT NULL, failures INTEGER NOT NULL,
                    failure_reason TEXT, failure_message TEXT, failed_at INTEGER, used_at INTEGER NOT NULL,
                    PRIMARY KEY (service, host, purpose),
                    CHECK ((state = 'closed') = (until_at IS NULL))) STRICT
                """,
                """
                CREATE TABLE service_quota (
                    service TEXT NOT NULL, host TEXT NOT NULL, full_at INTEGER NOT NULL,
                    PRIMARY KEY (service, host)) STRICT
                """,
            ], down: serviceDrops),
        postgres: Script(
            up: [
                """
                CREATE TABLE service_gate (
                    service TEXT COLLATE "C" NOT NULL, host TEXT COLLATE "C" NOT NULL,
                    purpose TEXT COLLATE "C" NOT NULL CHECK (purpose IN ('work', 'look')),
                    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('closed', 'open', 'half_open')),
                    failures_in_row BIGINT NOT NULL, until_at BIGINT, era BIGINT NOT NULL, openings BIGINT NOT NULL,
                    requests BIGINT NOT NULL, failures BIGINT NOT NULL, failure_reason TEXT COLLATE "C",
                    failure_message TEXT COLLATE "C", failed_at BIGINT, used_at BIGINT NOT NULL,
                    PRIMARY KEY (service, host, purpose), CHECK ((state = 'closed') = (until_at IS NULL)))
                """,
                """
                CREATE TABLE service_quota (
                    service TEXT COLLATE "C" NOT NULL, host TEXT COLLATE "C" NOT NULL, full_at BIGINT NOT NULL,
                    PRIMARY KEY (service, host))
                """,
            ], down: serviceDrops))

    private static let serviceDrops = ["DROP TABLE service_quota", "DROP TABLE service_gate"]
}

/// What can be done to a running system.
package enum Fault: String, CaseIterable, Codable, Sendable {
    /// SIGKILL of a random worker, orchestrator or parser, again and again.
    case kill
    /// SIGSTOP of a worker for longer than its lease, then SIGCONT.
    case freeze
    /// The database server is ended without a word and started again.
    case restartDB = "restart-db"
    /// The server ends one connection after another.
    case cutBackends = "cut-backends"
    /// Every process of the server stands still.
    case freezeDB = "freeze-db"
    /// The server accepts ten connections, no more.
    case fewConnections = "few-connections"
    /// No byte is left on the database's disk.
    case fullDisk = "full-disk"
    /// Connections break right before and right after a COMMIT.
    case cutCommit = "cut-commit"

    /// True for what can only be done to a database with a process of its own.
    package var needsServer: Bool {
        switch self {
        case .kill, .freeze, .fullDisk: false
        case .restartDB, .cutBackends, .freezeDB, .fewConnections, .cutCommit: true
        }
    }
}

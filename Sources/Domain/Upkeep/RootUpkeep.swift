/// How a library root is kept up to date, as its owner wants it.
package struct RootUpkeep: Hashable, Sendable {
    /// Changes are looked for as they happen.
    package var watches: Bool
    package var schedule: ScanSchedule

    package static let usual = RootUpkeep(watches: true, schedule: .automatic)

    package init(watches: Bool, schedule: ScanSchedule) {
        self.watches = watches
        self.schedule = schedule
    }
}

/// How much of a library root is watched by this server.
package enum WatchCoverage: Hashable, Sendable {
    /// Its folders are being gone through.
    case starting
    /// Every folder, so many.
    case whole(folders: Int)
    /// So many folders, and why not all.
    case part(folders: Int, Gap)
    case none(Gap)

    package enum Gap: String, CaseIterable, Codable, Sendable {
        /// Its owner wants none.
        case off
        /// This server cannot open the root.
        case unreachable
        /// The file system tells of changes that this machine made alone.
        case network
        /// The kernel, or this program, allows no more watches.
        case limit
        /// Folders that may not be read.
        case denied
    }

    package var isWhole: Bool {
        if case .whole = self { true } else { false }
    }

    package var folders: Int {
        switch self {
        case .whole(let folders), .part(let folders, _): folders
        case .starting, .none: 0
        }
    }

    package var gap: Gap? {
        switch self {
        case .part(_, let gap), .none(let gap): gap
        case .starting, .whole: nil
        }
    }
}

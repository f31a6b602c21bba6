import Domain

// How library roots are kept up to date, in words for people.

extension ScanSchedule {
    /// `every 6 hours`
    var words: String {
        switch self {
        case .automatic: "automatic: \(Self.automaticWords)"
        case .off: "never by itself"
        case .every(let minutes): Self.often(minutes)
        case .daily: "every day at \(description.split(separator: " ").last ?? "")"
        }
    }

    static let automaticWords =
        "\(often(automaticWatchedMinutes)) while every change is seen, \(often(automaticUnwatchedMinutes)) while not"

    private static func often(_ minutes: Int) -> String {
        let (count, unit) =
            switch minutes {
            case let minutes where minutes.isMultiple(of: 24 * 60): (minutes / (24 * 60), "day")
            case let minutes where minutes.isMultiple(of: 60): (minutes / 60, "hour")
            default: (minutes, "minute")
            }
        return count == 1 ? "every \(unit)" : "every \(Amount.count(count)) \(unit)s"
    }
}

extension WatchCoverage {
    /// `1,204 folders`, or why not.
    package var words: String {
        let count = "\(Amount.count(folders)) \(folders == 1 ? "folder" : "folders")"
        return switch self {
        case .starting: "begins, its folders are being gone through"
        case .whole: count
        case .part(_, let gap): "\(count), not all: \(gap.words)"
        case .none(let gap): "no, \(gap.words)"
        }
    }
}

extension WatchCoverage.Gap {
    fileprivate var words: String {
        switch self {
        case .off: "it is switched off"
        case .unreachable: "the folder cannot be opened"
        case .network: "network drives do not tell of changes"
        case .limit: "the system allows no more watches"
        case .denied: "Sillon may not read all of them"
        }
    }

    /// What can be done about it, and what happens else.
    var advice: String {
        switch self {
        case .off: "Changes are found by the scans of the schedule, and by those that somebody asks for."
        case .unreachable:
            "Connect its disk, or let the user that Sillon runs as read it; watching begins by itself then."
        case .network:
            "Nor do drives that another program or machine serves: the scans of the schedule find what changes there."
        case .limit:
            "Which limit to raise says sillon doctor on the server's machine; until then the scans of the schedule find the rest."
        case .denied: "Let the user that Sillon runs as read them; what is in them is in no scan either."
        }
    }
}

extension Scan.Cause {
    /// Nil for who asked: that is nothing to tell.
    package var words: String? {
        switch self {
        case .request: nil
        case .watch: "by the watcher"
        case .schedule: "by the schedule"
        }
    }
}

/// What is said before a library root is removed.
package enum RootRemoval {
    package static func sentences(_ path: FilePath, tracks: Int) -> [String] {
        [
            "\(path.display) will be no library root any more: scans of it are cancelled, and it is scanned no more.",
            "Its tracks (\(Amount.count(tracks))) cannot be played or found alike then. They stay in the library as "
                + "missing, with their plays, stars and ratings, and are back when the folder is added and scanned again.",
            "No file is touched. A folder that the server is started with (--music) comes back when it is started.",
        ]
    }
}

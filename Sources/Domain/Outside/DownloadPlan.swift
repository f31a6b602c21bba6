/// Where a download stands, so that whoever takes it up after a crash goes on from there.
package struct DownloadPlan: Codable, Hashable, Sendable {
    /// What is still to be tried, the best first; nil before the search.
    package var offers: [DownloadOffer]?
    /// Of the first offer, once the service has begun it.
    package var ticket: DownloadTicket?
    /// Where in the library the file is being put; nobody else had a file there when it was chosen.
    package var target: FilePath?
    /// Why offers were given up, the latest last.
    package var problems: [String] = []

    package static let maxOffers = 20
    private static let maxProblems = 20

    package init() {}

    package var current: DownloadOffer? { offers?.first }
    package var hasAlternative: Bool { (offers?.count ?? 0) > 1 }

    /// - Parameter found: the best first; of one preference they keep that order.
    package mutating func take(_ found: [DownloadOffer], preferring preference: DownloadPreference) {
        var ordered = found
        if preference == .lossless {
            ordered = found.filter(\.isLossless) + found.filter { !$0.isLossless }
        }
        (offers, ticket, target) = (Array(ordered.prefix(Self.maxOffers)), nil, nil)
    }

    /// The offer in hand is no good.
    package mutating func giveUp(because problem: String) {
        problems = (problems + [problem]).suffix(Self.maxProblems)
        (ticket, target) = (nil, nil)
        if offers?.isEmpty == false { offers?.removeFirst() }
    }

    /// Another try begins with another search.
    package mutating func startOver() {
        (offers, ticket, target) = (nil, nil, nil)
    }
}

extension DownloadOffer {
    private static let losslessEndings: Set = ["flac", "wav", "aiff", "aif", "ape", "wv", "tta", "tak"]
    private static let audioEndings = losslessEndings.union([
        "mp3", "m4a", "aac", "ogg", "oga", "opus", "wma", "mpc", "mp4",
    ])

    /// In lower case, when it is one of music; a peer may call its file anything.
    package var ending: String? {
        guard let dot = fileName.lastIndex(of: ".") else { return nil }
        let ending = fileName[fileName.index(after: dot)...].lowercased()
        return Self.audioEndings.contains(ending) ? ending : nil
    }

    package var isLossless: Bool { ending.map(Self.losslessEndings.contains) ?? false }

    /// The parts of the name, whichever slashes the peer uses.
    package var nameParts: [String] {
        fileName.split { $0 == "\\" || $0 == "/" }.map(String.init)
    }
}

/// One step of the schema, for both engines side by side. Never edited once released: a later step corrects it.
package struct Migration: Sendable {
    package struct Script: Sendable {
        let up: [String]
        let down: [String]

        package init(up: [String], down: [String]) {
            self.up = up
            self.down = down
        }
    }

    package let version: Int
    package let name: String
    private let sqlite: Script
    private let postgres: Script

    package init(version: Int, name: String, sqlite: Script, postgres: Script) {
        self.version = version
        self.name = name
        self.sqlite = sqlite
        self.postgres = postgres
    }

    func script(for dialect: Dialect) -> Script {
        switch dialect {
        case .sqlite: sqlite
        case .postgres: postgres
        }
    }

    /// Every step there is, oldest first.
    package static let all: [Migration] = [
        queue, catalogue, fleet, missingScan, deadLetters, endings, audioDetails, trackTraits, textVectors,
        duplicates, map, services, listening, enrichment, fetched, attempts, history, announcements, traces,
        playlists, browsing, segments, albumOrder, upkeep,
    ]
}

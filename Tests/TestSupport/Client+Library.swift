import Contracts
import Domain

/// What tests ask of a library.
extension Client {
    /// Starts a scan and answers its id.
    package func startScan(_ folder: String, mode: String = "quick", until stage: String = "vector") async throws
        -> String
    {
        let answer = try await ask(
            .post, "/v1/scans", ["path": .string(folder), "mode": .string(mode), "until": .string(stage)])
        guard let id = answer["scan_id"]?.text else { throw Unexpected(description: "no scan_id in \(answer)") }
        return id
    }

    /// The scan once it has ended, in whatever way.
    @discardableResult
    package func ended(_ scan: String, _ limit: Duration = .seconds(120)) async throws -> JSONValue {
        try await until("scan \(scan) ends", limit) {
            let scan = try await ask(.get, "/v1/scans/\(scan)")
            // Spelt out: a bare nil would be the JSON value null.
            return ["finished", "cancelled", "failed"].contains(scan["state"]?.text) ? scan : JSONValue?.none
        }
    }

    @discardableResult
    package func scan(
        _ folder: String, mode: String = "quick", until stage: String = "vector", limit: Duration = .seconds(120)
    ) async throws -> JSONValue {
        try await ended(try await startScan(folder, mode: mode, until: stage), limit)
    }

    /// All scans there are, once they have ended.
    @discardableResult
    package func allScansEnded(_ limit: Duration = .seconds(120)) async throws -> [JSONValue] {
        try await until("all scans end", limit) {
            let scans = try await list("/v1/scans")
            let open = scans.filter { ["queued", "running"].contains($0["state"]?.text) }
            return scans.isEmpty || !open.isEmpty ? nil : scans
        }
    }

    /// Tracks by the name of their file. Names are unique in these tests.
    package func tracksByName() async throws -> [String: JSONValue] {
        let pairs = try await list("/v1/tracks").map { track -> (String, JSONValue) in
            let path = FilePath(encoded: track["path"]?.text ?? "") ?? FilePath("")
            return (path.lastComponent.display, track)
        }
        return Dictionary(pairs) { first, _ in first }
    }

    /// With copies of the same recording, of which these libraries have many.
    package func similar(to id: Int64, limit: Int = 100) async throws -> [(id: Int64, score: Double)] {
        try await ask(.get, "/v1/tracks/\(id)/similar?limit=\(limit)&duplicates=keep").items.compactMap { item in
            guard let id = item["track"]?["id"]?.int, let score = item["score"]?.number else { return nil }
            return (id, score)
        }
    }

    package func search(_ text: String) async throws -> [String] {
        try await ask(.get, "/v1/search?limit=100&q=" + Self.escaped(text)).items.compactMap { $0["title"]?.text }
    }
}

extension JSONValue {
    /// A number of a scan's progress.
    package func progress(_ name: String) -> Int { Int(self["progress"]?[name]?.int ?? -1) }
}

extension [UInt8] {
    fileprivate var display: String { String(decoding: self, as: UTF8.self) }
}

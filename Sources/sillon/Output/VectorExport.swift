import Domain
import Telemetry
import UseCases

/// All vectors of one model as CSV, in steps, so that a large library needs little memory.
struct VectorExport {
    let catalogue: any Catalogue
    let model: String
    /// A name must not steer a terminal; a file gets it as it is.
    let isForTerminal: Bool
    private var written: Set<Int64> = []
    private var headerIsDue: Bool

    /// Vectors read at once.
    private static let step = 500

    init(catalogue: any Catalogue, model: String, hasHeader: Bool, isForTerminal: Bool) {
        self.catalogue = catalogue
        self.model = model
        self.isForTerminal = isForTerminal
        headerIsDue = hasHeader
    }

    /// Answers how many tracks were written.
    mutating func run(_ write: (String) throws -> Void) async throws -> Int {
        var sequence: Int64 = 0
        while true {
            let changes = try await catalogue.vectorChanges(model: model, after: sequence, limit: Self.step)
            guard let last = changes.last else { return written.count }
            sequence = last.sequence
            try await append(changes, write)
        }
    }

    /// The log of changes may name a track twice; each answers with the vector that it has now.
    private mutating func append(_ changes: [VectorChange], _ write: (String) throws -> Void) async throws {
        let fresh = changes.filter { $0.vector != nil && !written.contains($0.trackID) }
        let tracks = try await catalogue.tracks(ids: fresh.map(\.trackID))
        let paths = Dictionary(tracks.map { ($0.id, $0.path) }, uniquingKeysWith: { first, _ in first })
        var text = ""
        for change in fresh {
            guard let vector = change.vector, let path = paths[change.trackID],
                written.insert(change.trackID).inserted
            else { continue }
            if headerIsDue { text += CSV.line(["path"] + (1...max(1, vector.count)).map { "v\($0)" }) }
            headerIsDue = false
            let name = isForTerminal ? ControlCharacters.escaped(path.encoded) : path.encoded
            text += CSV.line([name] + vector.map { "\($0)" })
        }
        if !text.isEmpty { try write(text) }
    }
}

import Domain
import UseCases

extension MemoryStore: EnrichmentStore {
    func findings(of kind: OutsideSubject.Kind, id: Int64) async throws -> [OutsideFinding] {
        var facts = OutsideFacts()
        facts.name = "as it is spelled"
        facts.tags = [OutsideFacts.Tag("folk", weight: 1), OutsideFacts.Tag("drone")]
        facts.similar = [OutsideFacts.Match("other", match: 0.5)]
        facts.images = [OutsideFacts.Image("https://x/y.png", width: 300), OutsideFacts.Image("https://x/z.png")]
        let (days, usual) = (30, facts)
        return try perform { state in
            let facts = state.facts ?? usual
            return [
                OutsideFinding(
                    source: .lastfm, language: "de", facts: facts, fetchedAt: Self.now, ttlSeconds: days * 86400),
                OutsideFinding(
                    source: .musicbrainz, language: nil, facts: nil, fetchedAt: Self.now, ttlSeconds: 86400),
            ]
        }
    }

    func enrich(
        _ kind: OutsideSubject.Kind, id: Int64, refresh: Bool, priority: Priority
    ) async throws -> TaskRecord? {
        try perform { state in
            state.questions.append("\(kind.rawValue) \(id) \(refresh) \(priority.name)")
            return state.hasSources ? state.tasks.first : nil
        }
    }

    func queueMissing(
        _ kind: OutsideSubject.Kind, after id: Int64, limit: Int
    ) async throws -> (last: Int64?, queued: Int) { (nil, 0) }
}

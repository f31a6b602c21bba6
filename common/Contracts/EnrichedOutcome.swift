import Domain

/// `enriched` v1: what each source that was asked knows of a track, an album or an artist.
package struct EnrichedOutcome: Codable, Hashable, Sendable {
    package var kind: OutsideSubject.Kind
    package var id: Int64
    package var findings: [OutsideFinding]
    /// Those that could not be asked now; another task asks them later.
    package var waiting: [ServiceID]

    package init(kind: OutsideSubject.Kind, id: Int64, findings: [OutsideFinding], waiting: [ServiceID]) {
        self.kind = kind
        self.id = id
        self.findings = findings
        self.waiting = waiting
    }
}

import Domain

extension Shape where Value == [OutsideFinding] {
    /// What services outside said, each with its date.
    static let outside = Shape.object("Outside") {
        Field("reports", Shape<OutsideFinding>.finding.list, "One for each service that was asked.") { $0 }
    }
}

extension Shape where Value == OutsideFinding {
    static let finding = Shape.object("OutsideReport") {
        Field("source", .choice) { $0.source }
        Field("fetched_at", .time) { $0.fetchedAt }
        Field("expires_at", .time, "From then on it is asked again, when somebody wants to know.") { $0.expiresAt }
        Field(optional: "language", .text, "Of the summary; null where the service has one only.") { $0.language }
        Field(optional: "facts", .outsideFacts, "Null: the service does not know it.") { $0.facts }
    }
}

extension Shape where Value == OutsideFacts {
    static let outsideFacts = Shape.object("OutsideFacts") {
        Field(optional: "name", .text, "As the service spells it.") { $0.name }
        Field(optional: "artist", .text) { $0.artist }
        Field("musicbrainz", .musicBrainz) { $0.musicBrainz }
        Field(optional: "url", .text, "The service's page.") { $0.url }
        Field(optional: "summary", .text, "Plain text.") { $0.summary }
        Field(optional: "listeners", .count) { $0.listeners }
        Field(optional: "plays", .count) { $0.plays }
        Field(optional: "duration_ms", .count) { $0.durationMs }
        Field(optional: "date", .text, "Of the first release.") { $0.date }
        Field("tags", Shape<OutsideFacts.Tag>.outsideTag.list, "The heaviest first.") { $0.tags }
        Field("similar", Shape<OutsideFacts.Match>.outsideMatch.list, "The most similar first.") { $0.similar }
        Field("images", Shape<OutsideFacts.Image>.outsideImage.list, "The widest first.") { $0.images }
        Field(optional: "confidence", .number, "How sure it is that this is meant, 0 to 1.") { $0.confidence }
    }
}

extension Shape where Value == OutsideFacts.Tag {
    static let outsideTag = Shape.object("OutsideTag") {
        Field("name", .text) { $0.name }
        Field(optional: "weight", .number, "1 for the heaviest; null when the service does not say.") { $0.weight }
    }
}

extension Shape where Value == OutsideFacts.Match {
    static let outsideMatch = Shape.object("OutsideMatch") {
        Field("name", .text) { $0.name }
        Field(optional: "artist", .text, "Of a track.") { $0.artist }
        Field("match", .number, "0 to 1.") { $0.match }
        Field(optional: "musicbrainz_id", .text) { $0.musicBrainzID }
    }
}

extension Shape where Value == OutsideFacts.Image {
    static let outsideImage = Shape.object("OutsideImage") {
        Field("address", .text) { $0.address }
        Field(optional: "width", .count, "Pixels.") { $0.width }
    }
}

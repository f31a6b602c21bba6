import Domain

/// What was heard of one recording and made of it, whichever file it is in: a line of a portable file.
package struct PortableRecord: Codable, Hashable, Sendable {
    package struct Vector: Codable, Hashable, Sendable {
        package var model: String
        package var vector: PackedFloats

        package init(model: String, vector: PackedFloats) {
            self.model = model
            self.vector = vector
        }
    }

    package var contentKey: String
    /// One for each version of the analyser.
    package var analyses: [AudioAnalysis]
    /// One for each model.
    package var vectors: [Vector]

    package init(contentKey: String, analyses: [AudioAnalysis], vectors: [Vector]) {
        self.contentKey = contentKey
        self.analyses = analyses
        self.vectors = vectors
    }

    enum CodingKeys: String, CodingKey {
        case analyses, vectors
        case contentKey = "content_key"
    }
}

/// The first line of a portable file.
package struct PortableHeader: Codable, Hashable, Sendable {
    package var format: String
    package var version: Int

    package init(version: Int = currentVersion) {
        format = Self.formatName
        self.version = version
    }

    package static let formatName = "sillon-analyses"
    package static let currentVersion = 1
}

/// The last line of a portable file, so that one that was cut off is known.
package struct PortableEnd: Codable, Hashable, Sendable {
    package var records: Int

    package init(records: Int) {
        self.records = records
    }

    enum CodingKeys: String, CodingKey {
        case records = "end_after_records"
    }
}

import Domain

/// What a handler learned. `settle` turns it into catalogue rows and the next task of the chain.
package enum Outcome: Hashable, Sendable {
    case scanComplete(ScanCompleteOutcome)
    case indexComplete(IndexCompleteOutcome)
    case analysisComplete(AnalysisCompleteOutcome)
    case vectorComplete(VectorCompleteOutcome)
    case textVectorComplete(TextVectorCompleteOutcome)
    case mapProjected(MapProjectedOutcome)
    case listensSubmitted(ListensSubmittedOutcome)
    case artworkFound(ArtworkFoundOutcome)
    case artworkAbsent(ArtworkAbsentOutcome)
    case downloadComplete(DownloadCompleteOutcome)
    case enriched(EnrichedOutcome)
    case webhookDelivered(WebhookDeliveredOutcome)
    case noopComplete

    /// The version in which this build writes outcomes.
    package static let currentVersion = 1
}

/// `scan_complete` v1. The files themselves were reported while the walk went on.
package struct ScanCompleteOutcome: Codable, Hashable, Sendable {
    package var scanID: String
    /// True when the walk must not mark anything missing: the root was absent or empty.
    package var rootUnavailable: Bool
    /// Folders that the catalogue knows in this scope and the walk did not meet.
    package var vanishedFolderIDs: [Int64]
    /// Folders that were passed over, with the reason; the first hundred.
    package var problems: [String]

    package init(scanID: String, rootUnavailable: Bool, vanishedFolderIDs: [Int64], problems: [String]) {
        self.scanID = scanID
        self.rootUnavailable = rootUnavailable
        self.vanishedFolderIDs = vanishedFolderIDs
        self.problems = problems
    }

    package static let maxProblems = 100

    enum CodingKeys: String, CodingKey {
        case problems
        case scanID = "scan_id"
        case rootUnavailable = "root_unavailable"
        case vanishedFolderIDs = "vanished_folder_ids"
    }
}

/// `index_complete` v1: what the tags of one file say.
package struct IndexCompleteOutcome: Codable, Hashable, Sendable {
    package var filePath: FilePath
    package var rootPath: FilePath
    package var facts: FileFacts
    package var metadata: TrackMetadata
    package var properties: AudioProperties
    package var cover: CoverImage?

    package init(
        filePath: FilePath, rootPath: FilePath, facts: FileFacts, metadata: TrackMetadata,
        properties: AudioProperties, cover: CoverImage?
    ) {
        self.filePath = filePath
        self.rootPath = rootPath
        self.facts = facts
        self.metadata = metadata
        self.properties = properties
        self.cover = cover
    }

    enum CodingKeys: String, CodingKey {
        case facts, metadata, properties, cover
        case filePath = "file_path"
        case rootPath = "root_path"
    }
}

/// `analysis_complete` v1. `analysis` is absent when this content already has one of the current version.
package struct AnalysisCompleteOutcome: Codable, Hashable, Sendable {
    package var trackID: Int64
    package var contentKey: String
    package var analysis: AudioAnalysis?
    /// As in the payload, from a worker that knows of parts: others hear the whole file.
    package var beginUs: Int64?

    package init(trackID: Int64, contentKey: String, analysis: AudioAnalysis?, beginUs: Int64? = nil) {
        self.trackID = trackID
        self.contentKey = contentKey
        self.analysis = analysis
        self.beginUs = beginUs
    }

    enum CodingKeys: String, CodingKey {
        case analysis
        case beginUs = "begin_us"
        case trackID = "track_id"
        case contentKey = "content_key"
    }
}

/// `vector_complete` v1.
package struct VectorCompleteOutcome: Codable, Hashable, Sendable {
    package var trackID: Int64
    package var contentKey: String
    package var model: String
    package var vector: PackedFloats

    package init(trackID: Int64, contentKey: String, model: String, vector: PackedFloats) {
        self.trackID = trackID
        self.contentKey = contentKey
        self.model = model
        self.vector = vector
    }

    enum CodingKeys: String, CodingKey {
        case model, vector
        case trackID = "track_id"
        case contentKey = "content_key"
    }
}

/// `text_vector_complete` v1: what a model made of the text of the task, and which version of the model it was.
package struct TextVectorCompleteOutcome: Codable, Hashable, Sendable {
    package var trackID: Int64
    package var model: String
    /// What the service says identifies the model's weights; empty when it says nothing.
    package var digest: String
    package var dimension: Int
    package var vector: PackedFloats

    package init(trackID: Int64, embedding: TextEmbedding) {
        self.trackID = trackID
        model = embedding.space.model
        digest = embedding.space.digest
        dimension = embedding.space.dimension
        vector = PackedFloats(embedding.vector)
    }

    package var space: EmbeddingSpace { EmbeddingSpace(model: model, digest: digest, dimension: dimension) }

    enum CodingKeys: String, CodingKey {
        case model, digest, dimension, vector
        case trackID = "track_id"
    }
}

/// `map_projected` v1: the plane on which the library is drawn.
package struct MapProjectedOutcome: Codable, Hashable, Sendable {
    package var model: String
    /// Vectors that the model had when the task was queued.
    package var vectors: Int
    package var mean: PackedFloats
    /// Rightwards and upwards, one after the other.
    package var axes: PackedFloats
    /// Standard deviation along the wider axis.
    package var spread: Double

    package init(model: String, vectors: Int, basis: MapBasis) {
        self.model = model
        self.vectors = vectors
        mean = PackedFloats(basis.mean)
        axes = PackedFloats(basis.axes.flatMap(\.self))
        spread = basis.spread
    }

    /// Nil when the parts do not fit together.
    package var basis: MapBasis? {
        let (mean, axes) = (mean.values, axes.values)
        guard (2...EmbeddingSpace.maxDimension).contains(mean.count), axes.count == 2 * mean.count,
            (mean + axes).allSatisfy(\.isFinite), spread.isFinite, spread > 0
        else { return nil }
        return MapBasis(
            mean: mean, axes: [Array(axes.prefix(mean.count)), Array(axes.suffix(mean.count))], spread: spread)
    }
}

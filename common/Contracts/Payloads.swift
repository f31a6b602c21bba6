import Domain

/// `scan_library` v1: walk a folder and queue what is new or changed.
package struct ScanLibraryPayload: Codable, Hashable, Sendable {
    package var path: FilePath
    /// The library root that holds `path`, or `path` itself.
    package var rootPath: FilePath
    package var scanID: String
    package var mode: Scan.Mode
    package var priority: Priority
    package var until: Scan.Stage?
    /// True: files that are gone are marked missing, however many they are.
    package var acceptMissing: Bool?
    /// True: the folder itself and which folders are in it, and not what is in those.
    package var isShallow: Bool?

    package init(
        path: FilePath, rootPath: FilePath, scanID: String, mode: Scan.Mode, priority: Priority, until: Scan.Stage?,
        acceptMissing: Bool? = nil, isShallow: Bool? = nil
    ) {
        self.path = path
        self.rootPath = rootPath
        self.scanID = scanID
        self.mode = mode
        self.priority = priority
        self.until = until
        self.acceptMissing = acceptMissing
        self.isShallow = isShallow
    }

    enum CodingKeys: String, CodingKey {
        case path, mode, priority, until
        case acceptMissing = "accept_missing"
        case isShallow = "shallow"
        case rootPath = "root_path"
        case scanID = "scan_id"
    }
}

/// `index_file` v1: read the tags of one file.
package struct IndexFilePayload: Codable, Hashable, Sendable {
    package var filePath: FilePath
    /// Nothing outside this folder is opened. The orchestrator fills it in when the sender leaves it out.
    package var rootPath: FilePath?
    package var scanID: String?
    package var priority: Priority?
    /// The last stage wanted for this file; absent means `vector`.
    package var until: Scan.Stage?
    /// The track whose file this is, when that is known.
    package var trackID: Int64?
    /// True when an analysis of an older version is to be redone.
    package var refresh: Bool?
    /// The file as the walk saw it, so that a file that fails is known again; absent when nobody looked yet.
    package var size: Int64?
    package var mtimeNs: Int64?
    /// True when the walk saw a file older than the one that is known: a backup was put back.
    package var acceptOlder: Bool?
    /// How a sheet cuts the file, without parts where none does any more; absent: as it is known.
    package var cut: SheetCut?

    package init(
        filePath: FilePath, rootPath: FilePath?, scanID: String?, priority: Priority?, until: Scan.Stage? = nil,
        trackID: Int64? = nil, refresh: Bool? = nil, size: Int64? = nil, mtimeNs: Int64? = nil,
        acceptOlder: Bool? = nil, cut: SheetCut? = nil
    ) {
        self.filePath = filePath
        self.rootPath = rootPath
        self.scanID = scanID
        self.priority = priority
        self.until = until
        self.trackID = trackID
        self.refresh = refresh
        self.size = size
        self.mtimeNs = mtimeNs
        self.acceptOlder = acceptOlder
        self.cut = cut
    }

    enum CodingKeys: String, CodingKey {
        case priority, until, refresh, size, cut
        case mtimeNs = "mtime_ns"
        case acceptOlder = "accept_older"
        case filePath = "file_path"
        case rootPath = "root_path"
        case scanID = "scan_id"
        case trackID = "track_id"
    }
}

/// `analyze_audio` v1: listen to one file, or to the stretch of it that is the track.
package struct AnalyzeAudioPayload: Codable, Hashable, Sendable {
    package var trackID: Int64
    /// The orchestrator fills these two in when the sender leaves them out.
    package var filePath: FilePath?
    package var rootPath: FilePath?
    package var scanID: String?
    package var until: Scan.Stage?
    /// True: listen even when this content has an analysis of the current version.
    package var refresh: Bool?
    /// The file as it was indexed: a device that has its own copy listens only when that copy is the same.
    package var size: Int64?
    package var mtimeNs: Int64?
    /// Where the track lies in the file; without a beginning the file is one track.
    package var beginUs: Int64?
    package var endUs: Int64?

    package init(
        trackID: Int64, filePath: FilePath?, rootPath: FilePath?, scanID: String?, until: Scan.Stage? = nil,
        refresh: Bool? = nil, size: Int64? = nil, mtimeNs: Int64? = nil, stretch: Stretch? = nil
    ) {
        self.trackID = trackID
        self.filePath = filePath
        self.rootPath = rootPath
        self.scanID = scanID
        self.until = until
        self.refresh = refresh
        self.size = size
        self.mtimeNs = mtimeNs
        beginUs = stretch?.beginUs
        endUs = stretch?.endUs
    }

    /// Nil for the whole file.
    package var stretch: Stretch? { beginUs.flatMap { Stretch(beginUs: $0, endUs: endUs) } }

    enum CodingKeys: String, CodingKey {
        case until, refresh, size
        case mtimeNs = "mtime_ns"
        case beginUs = "begin_us"
        case endUs = "end_us"
        case trackID = "track_id"
        case filePath = "file_path"
        case rootPath = "root_path"
        case scanID = "scan_id"
    }
}

/// `vectorize_track` v1: turn an analysis into a vector.
package struct VectorizeTrackPayload: Codable, Hashable, Sendable {
    package var trackID: Int64
    /// `acoustic-v1` when absent.
    package var model: String?
    package var scanID: String?
    /// The orchestrator fills these two in from the track's analysis when the sender leaves them out.
    package var contentKey: String?
    package var features: PackedFloats?

    package init(
        trackID: Int64, model: String?, scanID: String?, contentKey: String?, features: PackedFloats?
    ) {
        self.trackID = trackID
        self.model = model
        self.scanID = scanID
        self.contentKey = contentKey
        self.features = features
    }

    enum CodingKeys: String, CodingKey {
        case model, features
        case trackID = "track_id"
        case scanID = "scan_id"
        case contentKey = "content_key"
    }
}

/// `vectorize_text` v1: let a model that works on words turn the description of a track into a vector.
package struct VectorizeTextPayload: Codable, Hashable, Sendable {
    package var trackID: Int64
    /// `ollama:nomic-embed-text`: the service, and its name of the model.
    package var model: String
    package var scanID: String?
    /// `TrackText` of the track; the orchestrator fills it in when the sender leaves it out.
    package var text: String?

    package init(trackID: Int64, model: String, scanID: String? = nil, text: String?) {
        self.trackID = trackID
        self.model = model
        self.scanID = scanID
        self.text = text
    }

    enum CodingKeys: String, CodingKey {
        case model, text
        case trackID = "track_id"
        case scanID = "scan_id"
    }
}

/// `project_map` v1: find the plane on which the vectors of a model lie widest.
package struct ProjectMapPayload: Codable, Hashable, Sendable {
    package var model: String
    /// Vectors that the model had when this was queued; of very many, mean and covariance are those of a sample.
    package var vectors: Int
    package var mean: PackedFloats
    /// The upper triangle of the covariance matrix, row by row.
    package var covariance: PackedFloats
    /// The two axes of the picture so far, one after the other: the new one is turned towards it.
    package var previousAxes: PackedFloats?

    package init(
        model: String, vectors: Int, mean: PackedFloats, covariance: PackedFloats, previousAxes: PackedFloats?
    ) {
        self.model = model
        self.vectors = vectors
        self.mean = mean
        self.covariance = covariance
        self.previousAxes = previousAxes
    }

    enum CodingKeys: String, CodingKey {
        case model, vectors, mean, covariance
        case previousAxes = "previous_axes"
    }
}

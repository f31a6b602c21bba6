import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

/// A catalogue on a real database, and a small disk that exists only as a list of files. Walks and settles run as the
/// queue would run them: each report and each batch in one transaction.
final class CatalogueBench {
    struct File: Equatable {
        var facts: FileFacts
        var metadata: TrackMetadata
        var cover: CoverImage?
        /// What the analyser would find.
        var contentKey: String
        var durationMs: Int?
    }

    let database: any Database
    let catalogue: DatabaseCatalogue
    var disk: [String: File] = [:]
    /// Texts of CUE sheets.
    var sheets: [String: String] = [:]
    /// Playlist files.
    var lists: [String: FileFacts] = [:]
    /// Folders that a walk meets even when they are empty.
    var emptyFolders: Set<FilePath> = []
    var now: Int64 = 1_000_000
    /// What the analyser would hear of a content, other than `histogram`.
    var sounds: [String: (histogram: [UInt32]?, truePeakDb: Double)] = [:]
    /// Where the service of the models for words puts a text.
    var space = EmbeddingSpace(model: "test:words", digest: "one", dimension: 2)
    /// Texts that it was given.
    private(set) var texts: [String] = []
    /// Of a content, other than the same for all.
    var vectors: [String: [Float]] = [:]
    /// Of a content: tempo and key.
    var music: [String: (tempoBpm: Double, key: String)] = [:]
    /// Of a content: its length other than a second, and its fingerprint.
    var recordings: [String: (durationMs: Int, fingerprint: String?)] = [:]
    private var taskID: Int64 = 0
    private var scanRow: Int64 = 0
    private var inode: Int64 = 100

    convenience init(_ engine: Engine, textModels: [String] = []) async throws {
        self.init(try await engine.open(), textModels: textModels)
    }

    init(_ database: any Database, textModels: [String] = []) {
        self.database = database
        catalogue = DatabaseCatalogue(
            database: database, textModels: textModels, roots: { _ in [FilePath("/music")] })
    }

    // MARK: the disk

    @discardableResult
    func put(
        _ path: String, mtime: Int64 = 1000, size: Int64? = nil, content: String? = nil, cover: CoverImage? = nil,
        _ edit: (inout TrackMetadata) -> Void = { _ in }
    ) -> File {
        inode += 1
        var metadata = TrackMetadata()
        metadata.title = String(path.split(separator: "/").last ?? "")
        edit(&metadata)
        let file = File(
            facts: FileFacts(size: size ?? 1000 + inode, mtimeNs: mtime, inode: inode, device: 1), metadata: metadata,
            cover: cover, contentKey: content ?? "content of \(path)")
        disk[path] = file
        return file
    }

    func move(_ old: String, _ new: String) { disk[new] = disk.removeValue(forKey: old) }

    func copy(_ old: String, _ new: String, device: Int64 = 1) {
        guard var file = disk[old] else { return }
        inode += 1
        file.facts = FileFacts(size: file.facts.size, mtimeNs: file.facts.mtimeNs, inode: inode, device: device)
        disk[new] = file
    }

    var listings: [FolderListing] {
        let files = Dictionary(grouping: disk, by: { FilePath($0.key).parent })
        let lists = Dictionary(grouping: lists, by: { FilePath($0.key).parent })
        return Set(files.keys).union(lists.keys).union(emptyFolders).map { folder in
            FolderListing(
                path: folder,
                files: (files[folder] ?? []).map {
                    ListedFile(name: FilePath($0.key).lastComponent, facts: $0.value.facts)
                },
                playlists: (lists[folder] ?? []).map {
                    ListedFile(name: FilePath($0.key).lastComponent, facts: $0.value)
                }, cuts: cuts(in: folder))
        }
    }

    private func cuts(in folder: FilePath) -> [[UInt8]: SheetCut] {
        let found = sheets.filter { FilePath($0.key).parent == folder }.map { path, text in
            SheetFolder.Sheet(
                name: FilePath(path).lastComponent,
                result: Result { () throws(CueSheet.Problem) in try CueSheet(text: text) })
        }
        let files = disk.keys.map { FilePath($0) }.filter { $0.parent == folder }.map(\.lastComponent)
        return SheetFolder(sheets: found, files: files).cuts
    }

    // MARK: the queue's part

    struct ScanResult {
        var progress = ScanProgress()
        var tasks: [NewTask] = []
        var notice: String?
        /// By the row of the scan that had marked them missing.
        var foundAgain: [Int64: Int] = [:]

        mutating func add(_ consequence: Consequence) {
            progress += consequence.progress
            notice = consequence.notice ?? notice
            foundAgain.merge(consequence.foundAgain, uniquingKeysWith: +)
        }
    }

    func scope(_ path: String, mode: Scan.Mode = .quick, until: Scan.Stage = .vector, acceptMissing: Bool = false)
        -> ScanScope
    {
        scanRow += 1
        let root = FilePath("/" + (path.split(separator: "/").first ?? ""))
        return ScanScope(
            rowID: scanRow, id: "scan-\(scanRow)", path: FilePath(path), rootPath: root, mode: mode,
            priority: .normal, until: until, acceptMissing: acceptMissing, createdAt: now)
    }

    /// Walks the disk and ends the scan; nothing is indexed yet.
    func walk(
        _ path: String = "/music", mode: Scan.Mode = .quick, until: Scan.Stage = .vector, rootUnavailable: Bool = false,
        acceptMissing: Bool = false
    ) async throws -> ScanResult {
        let scope = scope(path, mode: mode, until: until, acceptMissing: acceptMissing)
        var result = ScanResult()
        let listings = listings.filter { scope.path.contains($0.path) }
        let known = try await database.write { [catalogue] in try catalogue.knownFolders(in: scope, in: $0) }
        let report = try await database.write { [catalogue, now] in
            try catalogue.reconcile(listings, scope: scope, now: now, in: $0)
        }
        let gone = report.suspects.filter { disk[$0.display] == nil }
        try await database.write { [catalogue] in try catalogue.noteGone(gone, scope: scope, in: $0) }
        let seen = Set(listings.map(\.path))
        let end = ScanCompleteOutcome(
            scanID: scope.id, rootUnavailable: rootUnavailable,
            vanishedFolderIDs: known.filter { !seen.contains($0.path) }.map(\.id), problems: [])
        for consequence in [report] + (try await endWalk(end, scope)) {
            result.add(consequence)
            result.tasks += consequence.tasks
        }
        return result
    }

    /// Step by step, as the queue does it.
    func endWalk(_ end: ScanCompleteOutcome, _ scope: ScanScope) async throws -> [Consequence] {
        var found: [Consequence] = []
        for phase in [ScanPhase.places(end), .chains, .candidates] {
            let steps = try await database.read { [catalogue] in
                try catalogue.steps(phase, scope: scope, marked: 0, in: $0)
            }
            for step in steps {
                let consequence = try await database.write { [catalogue, now] in
                    try catalogue.carryOut(step, scope: scope, now: now, in: $0)
                }
                found.append(try #require(consequence))
            }
        }
        let payload = ScanLibraryPayload(
            path: scope.path, rootPath: scope.rootPath, scanID: scope.id, mode: scope.mode, priority: .normal,
            until: scope.until)
        return found + (try await apply([(.scanLibrary(payload), .scanComplete(end), scope)]))
    }

    func apply(_ items: [(TaskPayload, Outcome, ScanScope?)]) async throws -> [Consequence] {
        let completions = items.map { payload, outcome, scope in
            taskID += 1
            return Completion(taskID: taskID, payload: payload, outcome: outcome, priority: .normal, scope: scope)
        }
        return try await database.write { [catalogue, now] in
            try catalogue.apply(completions, now: now, in: $0)
        }
    }

    static let histogram: [UInt32] = [0, 0, 0, 127, 128, 0, .max, 0, 0]
    static let details: AudioDetails = {
        var details = AudioDetails()
        details.loudness = AudioDetails.Loudness()
        details.loudness?.maxMomentaryLufs = -0.1
        return details
    }()

    /// What a worker would answer, from the files of the disk.
    func outcome(of task: NewTask) async throws -> Outcome? {
        switch task.payload {
        case .indexFile(let payload):
            guard let file = disk[payload.filePath.display] else { return nil }
            return .indexComplete(indexOutcome(payload.filePath.display, file))
        case .analyzeAudio(let payload):
            guard let path = payload.filePath, var file = disk[path.display] else { return nil }
            if let stretch = payload.stretch {
                file.contentKey += " from \(stretch.beginUs) to \(stretch.endUs ?? -1)"
            }
            let version = AudioAnalysis.currentVersion
            let contentKey = file.contentKey
            let isKnown = try await database.read { [catalogue] in
                try catalogue.hasAnalysis(
                    contentKey: contentKey, version: version, withFingerprint: false, in: $0)
            }
            var analysis = AudioAnalysis(
                contentKey: file.contentKey, version: version, status: .complete, durationMs: 1000,
                sampleRate: 44100, channels: 2)
            analysis.features = [1, 2, 3]
            analysis.details = Self.details
            analysis.loudnessHistogram = Self.histogram
            if let sound = sounds[file.contentKey] {
                (analysis.loudnessHistogram, analysis.truePeakDb) = sound
            }
            if let recording = recordings[file.contentKey] {
                analysis.durationMs = recording.durationMs
                analysis.details?.fingerprint = recording.fingerprint
            }
            (analysis.tempoBpm, analysis.key) = (music[file.contentKey]?.tempoBpm, music[file.contentKey]?.key)
            if file.contentKey == "silence" {
                analysis.status = .silent
                analysis.features = nil
            }
            return .analysisComplete(
                AnalysisCompleteOutcome(
                    trackID: payload.trackID, contentKey: file.contentKey,
                    analysis: isKnown && payload.refresh != true ? nil : analysis, beginUs: payload.beginUs))
        case .vectorizeTrack(let payload):
            return .vectorComplete(
                VectorCompleteOutcome(
                    trackID: payload.trackID, contentKey: payload.contentKey ?? "", model: payload.model ?? "",
                    vector: PackedFloats(vectors[payload.contentKey ?? ""] ?? [0.6, 0.8])))
        case .vectorizeText(let payload):
            texts.append(payload.text ?? "")
            let vector = [1] + [Float](repeating: 0, count: space.dimension - 1)
            let place = EmbeddingSpace(model: payload.model, digest: space.digest, dimension: space.dimension)
            return .textVectorComplete(
                TextVectorCompleteOutcome(
                    trackID: payload.trackID, embedding: TextEmbedding(space: place, vector: vector)))
        default: return nil
        }
    }

    func indexOutcome(_ path: String, _ file: File) -> IndexCompleteOutcome {
        IndexCompleteOutcome(
            filePath: FilePath(path), rootPath: FilePath("/music"), facts: file.facts, metadata: file.metadata,
            properties: properties(of: file), cover: file.cover)
    }

    private func properties(of file: File) -> AudioProperties {
        var properties = AudioProperties(codec: "flac")
        properties.durationMs = file.durationMs
        return properties
    }

    /// Runs tasks and all that follows from them.
    @discardableResult
    func drain(_ tasks: [NewTask]) async throws -> ScanResult {
        var result = ScanResult()
        var waiting = tasks
        while !waiting.isEmpty {
            let task = waiting.removeFirst()
            guard let outcome = try await outcome(of: task) else { continue }
            for consequence in try await apply([(task.payload, outcome, nil)]) {
                result.add(consequence)
                waiting += consequence.tasks
            }
        }
        return result
    }

    /// A scan with everything that follows from it.
    @discardableResult
    func scan(
        _ path: String = "/music", mode: Scan.Mode = .quick, until: Scan.Stage = .vector, rootUnavailable: Bool = false,
        acceptMissing: Bool = false
    ) async throws -> ScanResult {
        now += 1_000_000
        var result = try await walk(
            path, mode: mode, until: until, rootUnavailable: rootUnavailable, acceptMissing: acceptMissing)
        let rest = try await drain(result.tasks)
        result.progress += rest.progress
        result.foundAgain.merge(rest.foundAgain, uniquingKeysWith: +)
        return result
    }

    /// Listens to a file again, whatever is known of it.
    func hearAgain(_ path: String) async throws {
        now += 1_000_000
        let id = try #require(try await track(path)?.id)
        let payload = AnalyzeAudioPayload(
            trackID: id, filePath: FilePath(path), rootPath: FilePath("/music"), scanID: nil, refresh: true)
        try await drain([NewTask(payload: .analyzeAudio(payload), priority: .normal)])
    }

    /// The track at a path.
    func track(_ path: String) async throws -> Track? {
        let all = try await catalogue.tracks(TrackFilter(), page: PageRequest(limit: PageRequest.maxLimit)).items
        return all.first { $0.path == FilePath(path) }
    }
}

extension ScanProgress {
    static func += (left: inout ScanProgress, right: ScanProgress) {
        left.folders += right.folders
        left.found += right.found
        left.unchanged += right.unchanged
        left.refused += right.refused
        left.moved += right.moved
        left.missing += right.missing
        left.indexed += right.indexed
        left.analyzed += right.analyzed
        left.vectorized += right.vectorized
        left.cached += right.cached
        left.failed += right.failed
    }
}

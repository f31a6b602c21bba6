import Domain
import UseCases

extension MemoryStore: ScanStore {
    func startScan(_ scan: NewScan, idempotencyKey: String?) async throws -> Scan {
        try perform { state in
            guard state.roots.contains(where: { $0.contains(scan.path) }) else {
                throw StoreError.preconditionFailed("no root holds the path")
            }
            if let id = try MemoryStore.replay(idempotencyKey, "\(scan)", in: state) {
                return state.scans.first { $0.id == id }!
            }
            var made = Scan(
                id: "scan-\(state.scans.count + 1)", path: scan.path, mode: scan.mode, priority: scan.priority,
                until: scan.until, cause: scan.cause, state: .queued, progress: ScanProgress(),
                createdAt: MemoryStore.now)
            state.newScans.append(scan)
            made.taskID = Int64(100 + state.scans.count)
            state.scans.insert(made, at: 0)
            if let idempotencyKey { state.idempotency[idempotencyKey] = ("\(scan)", made.id) }
            return made
        }
    }

    func scan(id: String) async throws -> Scan {
        try perform { state in
            guard let scan = state.scans.first(where: { $0.id == id }) else {
                throw StoreError.notFound("no such scan")
            }
            return scan
        }
    }

    func scans(_ page: PageRequest) async throws -> Page<Scan> {
        try perform { try MemoryStore.page($0.scans, page) }
    }

    func cancelScan(id: String) async throws -> Scan {
        try perform { state in
            guard let index = state.scans.firstIndex(where: { $0.id == id }) else {
                throw StoreError.notFound("no such scan")
            }
            guard [.queued, .running, .cancelled].contains(state.scans[index].state) else {
                throw StoreError.preconditionFailed("the scan has ended")
            }
            state.scans[index].state = .cancelled
            state.scans[index].finishedAt = MemoryStore.now
            return state.scans[index]
        }
    }

    func libraryRoots() async throws -> [FilePath] {
        try perform { $0.roots }
    }

    /// Numbered from 1 as they stand.
    func libraryRootStatuses() async throws -> [LibraryRootStatus] {
        try perform { state in
            state.roots.enumerated().map { index, path in
                LibraryRootStatus(
                    id: Int64(index + 1), path: path, addedAt: MemoryStore.now, upkeep: state.upkeeps[path] ?? .usual,
                    tracks: state.tracks.count, missing: 2,
                    lastScan: state.scans.first { $0.path == path })
            }
        }
    }

    func libraryRootStatus(id: Int64) async throws -> LibraryRootStatus {
        guard let found = try await libraryRootStatuses().first(where: { $0.id == id }) else {
            throw StoreError.notFound("there is no library root \(id)")
        }
        return found
    }

    func rootUpkeeps() async throws -> [KeptRoot] {
        try perform { state in
            state.roots.enumerated().map { index, path in
                KeptRoot(
                    id: Int64(index + 1), path: path, upkeep: state.upkeeps[path] ?? .usual,
                    lastScanAt: MemoryStore.now, isBeingScanned: false)
            }
        }
    }

    func setUpkeep(_ upkeep: RootUpkeep, ofRoot id: Int64) async throws {
        try perform { state in
            guard state.roots.indices.contains(Int(id) - 1) else { throw StoreError.notFound("no such root") }
            state.upkeeps[state.roots[Int(id) - 1]] = upkeep
        }
    }

    func startScan(_ scan: NewScan, unlessSince since: Int64) async throws -> StartedScan {
        StartedScan(scan: try await startScan(scan, idempotencyKey: nil), isNew: true)
    }

    func removeLibraryRoot(id: Int64) async throws {
        try perform { state in
            guard state.roots.indices.contains(Int(id) - 1) else { throw StoreError.notFound("no such root") }
            state.roots.remove(at: Int(id) - 1)
        }
    }

    func addLibraryRoot(_ path: FilePath) async throws {
        try perform { state in
            if state.roots.contains(path) { return }
            guard !state.roots.contains(where: { $0.contains(path) || path.contains($0) }) else {
                throw StoreError.conflict("another root holds the folder, or lies in it")
            }
            state.roots.append(path)
        }
    }
}

extension MemoryStore: UpkeepReport {
    func state(ofRoot id: Int64) -> RootUpkeepState? { change { $0.upkeepStates[id] } }
}

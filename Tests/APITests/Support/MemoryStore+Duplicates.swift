import Domain
import UseCases

extension MemoryStore: DuplicateFinder {
    func groups(_ page: PageRequest) async throws -> DuplicateList {
        try perform { state in
            var progress = DuplicateProgress()
            (progress.compared, progress.withoutFingerprint, progress.waiting) = (9, 1, 2)
            return DuplicateList(page: try MemoryStore.page(state.duplicates, page), progress: progress)
        }
    }

    func group(ofTrack id: Int64) async throws -> DuplicateGroup {
        try perform { state in
            let group = state.duplicates.first { $0.members.contains { $0.track.id == id } }
            guard let group else { throw StoreError.notFound("there is no track \(id)") }
            return group
        }
    }
}

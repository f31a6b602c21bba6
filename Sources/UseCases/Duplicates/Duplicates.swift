import Domain

/// What people ask about duplicates.
package protocol DuplicateFinder: Sendable {
    func groups(_ page: PageRequest) async throws -> DuplicateList
    /// Of this track's recording; alone in it when there is no other. Throws `StoreError.notFound`, and
    /// `SimilarityProblem.notHeard` for a track of which nothing is known yet.
    func group(ofTrack id: Int64) async throws -> DuplicateGroup
}

package struct DuplicateList: Sendable {
    package let page: Page<DuplicateGroup>
    package let progress: DuplicateProgress

    package init(page: Page<DuplicateGroup>, progress: DuplicateProgress) {
        self.page = page
        self.progress = progress
    }
}

/// Answers from what `DuplicateWatch` found.
package struct Duplicates: DuplicateFinder {
    private let store: any DuplicateStore
    private let catalogue: any Catalogue

    package init(store: any DuplicateStore, catalogue: any Catalogue) {
        self.store = store
        self.catalogue = catalogue
    }

    package func groups(_ page: PageRequest) async throws -> DuplicateList {
        let progress = try await store.progress()
        let found = try await store.groups(page)
        return DuplicateList(
            page: Page(items: found.items.map(DuplicateGroup.init), nextCursor: found.nextCursor), progress: progress)
    }

    package func group(ofTrack id: Int64) async throws -> DuplicateGroup {
        let stored = try await store.group(ofTrack: id)
        if stored.tracks.first(where: { $0.id == id })?.contentKey == nil {
            let task = try await catalogue.task(ofTrack: id)
            throw SimilarityProblem.notHeard("track \(id) has not been analysed yet", task)
        }
        return DuplicateGroup(stored)
    }
}

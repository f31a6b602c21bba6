import Contracts
import Domain

/// Gets one piece of music: search, one peer after the other, check, and into the library.
///
/// Each step is written down before it is done, so that a handler that was killed is followed by one that goes on.
package struct DownloadTrack: Sendable {
    let source: any DownloadSource
    let journal: any DownloadJournal
    let media: any MediaReader
    let shelf: any DownloadShelf
    let naming: LibraryName
    let pace: DownloadPace

    package init(
        source: any DownloadSource, journal: any DownloadJournal, media: any MediaReader, shelf: any DownloadShelf,
        naming: LibraryName, pace: DownloadPace = DownloadPace()
    ) {
        self.source = source
        self.journal = journal
        self.media = media
        self.shelf = shelf
        self.naming = naming
        self.pace = pace
    }

    /// Throws `serviceRefused` when nobody has it, or none of those who do gave it whole.
    func run(_ payload: DownloadTrackPayload) async throws -> DownloadCompleteOutcome {
        let id = payload.downloadID
        var plan = try await journal.plan(of: id)
        if plan.current == nil { plan = try await search(payload, plan) }
        while let offer = plan.current {
            do throws(OfferProblem) {
                return try await complete(offer, payload, &plan)
            } catch {
                switch error {
                case .ended(let other): throw other
                case .useless(let why):
                    plan.giveUp(because: "\(offer.peer): \(why)")
                    try await journal.note(DownloadNote(state: .downloading, plan: plan, message: why), of: id)
                }
            }
        }
        let last = plan.problems.last ?? "no reason"
        let failure = Failure(.serviceRefused, "none of those who share it gave it; the last one, \(last)")
        plan.startOver()
        try await journal.note(DownloadNote(state: .downloading, plan: plan, message: failure.message), of: id)
        throw failure
    }

    private func search(_ payload: DownloadTrackPayload, _ known: DownloadPlan) async throws -> DownloadPlan {
        var plan = known
        try await journal.note(DownloadNote(state: .searching, plan: plan), of: payload.downloadID)
        let offers = try await source.search(payload.question)
        plan.take(offers.filter { $0.ending != nil }, preferring: payload.preference ?? .any)
        guard plan.current != nil else { throw Failure(.serviceRefused, "nobody shares this at the moment") }
        try await journal.note(DownloadNote(state: .downloading, plan: plan), of: payload.downloadID)
        return plan
    }

    private func complete(
        _ offer: DownloadOffer, _ payload: DownloadTrackPayload, _ plan: inout DownloadPlan
    ) async throws(OfferProblem) -> DownloadCompleteOutcome {
        do {
            // Killed after the file was put in its place: there is nothing left to fetch.
            if let target = plan.target, try await shelf.holds(target, sizeBytes: offer.sizeBytes) {
                if let left = try await shelf.finished(offer, at: nil) { await shelf.discard(left) }
                return outcome(payload, target, offer)
            }
            let file = try await fetch(offer, payload.downloadID, &plan)
            try await journal.note(
                DownloadNote(
                    state: .checking, plan: plan, receivedBytes: offer.sizeBytes, sizeBytes: offer.sizeBytes),
                of: payload.downloadID)
            let target = try await checkAndPlace(file, offer, payload, &plan)
            return outcome(payload, target, offer)
        } catch let problem as OfferProblem {
            throw problem
        } catch {
            throw .ended(error)
        }
    }

    private func outcome(
        _ payload: DownloadTrackPayload, _ target: FilePath, _ offer: DownloadOffer
    ) -> DownloadCompleteOutcome {
        DownloadCompleteOutcome(
            downloadID: payload.downloadID, filePath: target, rootPath: shelf.root, sizeBytes: offer.sizeBytes)
    }

    private func checkAndPlace(
        _ file: MediaFile, _ offer: DownloadOffer, _ payload: DownloadTrackPayload, _ plan: inout DownloadPlan
    ) async throws -> FilePath {
        let metadata: TrackMetadata
        do {
            let analysis = try await media.analyze(file)
            if let why = DownloadCheck.problem(of: analysis, offer, payload.question) {
                throw OfferProblem.useless(why)
            }
            metadata = try await media.readTags(of: file).metadata
        } catch let failure as Failure where failure.blamesContent {
            await shelf.discard(file)
            throw OfferProblem.useless("its file cannot be decoded: \(failure.message)")
        } catch let problem as OfferProblem {
            await shelf.discard(file)
            throw problem
        }
        let names = naming.components(DownloadCheck.names(metadata, payload.question, offer))
        let target = try await shelf.place(for: names)
        plan.target = target
        try await journal.note(
            DownloadNote(state: .checking, plan: plan, receivedBytes: offer.sizeBytes, sizeBytes: offer.sizeBytes),
            of: payload.downloadID)
        try await shelf.move(file, to: target)
        return target
    }
}

/// Why an offer is left.
enum OfferProblem: Error {
    /// The next one may be better.
    case useless(String)
    /// The task ends, or waits, with this.
    case ended(any Error)
}

/// How long a download is waited for.
package struct DownloadPace: Sendable {
    package var pollInterval: Duration = .seconds(2)
    /// Progress is written down when this many looks have passed.
    package var looksPerNote = 5
    /// For a file that is said to be there.
    package var arrivalLooks = 15
    /// In a peer's queue while there is another peer, and where there is none.
    package var queueLimit: Duration = .seconds(10 * 60)
    package var lastQueueLimit: Duration = .seconds(6 * 3600)
    /// Without a byte.
    package var stallLimit: Duration = .seconds(5 * 60)
    package var pause: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    package init() {}
}

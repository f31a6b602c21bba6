import Contracts
import Domain

extension DownloadTrack {
    /// The whole file, as the service left it. Throws `OfferProblem.useless` when this peer does not give it.
    func fetch(_ offer: DownloadOffer, _ id: String, _ plan: inout DownloadPlan) async throws -> MediaFile {
        let ticket = try await begin(offer, id, &plan)
        do {
            try await follow(ticket, offer, id, plan)
        } catch let problem as OfferProblem {
            await forget(ticket)
            throw problem
        }
        var found = try await shelf.finished(offer, at: try await source.localPath(of: ticket))
        // The service says so before it has moved the file to its place.
        for _ in 0..<pace.arrivalLooks where found == nil {
            try await pace.pause(pace.pollInterval)
            found = try await shelf.finished(offer, at: try await source.localPath(of: ticket))
        }
        guard let file = found else {
            throw OfferProblem.useless(
                "the service says that the file is there, but there is none of \(offer.sizeBytes) bytes in its folder: "
                    + "is that the folder it downloads to?")
        }
        return file
    }

    private func begin(
        _ offer: DownloadOffer, _ id: String, _ plan: inout DownloadPlan
    ) async throws -> DownloadTicket {
        if let ticket = plan.ticket { return ticket }
        let ticket: DownloadTicket
        do {
            ticket = try await source.start(offer)
        } catch let failure as Failure where failure.reason == .serviceRefused {
            throw OfferProblem.useless(failure.message)
        }
        plan.ticket = ticket
        do {
            try await journal.note(
                DownloadNote(state: .downloading, plan: plan, sizeBytes: offer.sizeBytes), of: id)
        } catch is CancellationError {
            // It was cancelled while it began.
            await forget(ticket)
            throw CancellationError()
        }
        return ticket
    }

    /// What the service keeps of it harms nobody.
    private func forget(_ ticket: DownloadTicket) async {
        try? await source.cancel(ticket)  // see above
    }

    private func follow(
        _ ticket: DownloadTicket, _ offer: DownloadOffer, _ id: String, _ plan: DownloadPlan
    ) async throws {
        var watch = DownloadWatch(pace: pace, hasAlternative: plan.hasAlternative)
        while true {
            guard let progress = try await source.progress(of: ticket) else {
                throw OfferProblem.useless("the service has forgotten the download")
            }
            switch watch.see(progress) {
            case .done: return
            case .useless(let why): throw OfferProblem.useless(why)
            case .wait(let isNews):
                if isNews {
                    try await journal.note(
                        DownloadNote(
                            state: .downloading, plan: plan, receivedBytes: progress.receivedBytes,
                            sizeBytes: offer.sizeBytes, message: progress.waitingText),
                        of: id)
                }
                try await pace.pause(pace.pollInterval)
            }
        }
    }
}

/// Decides, look by look, how long a download is worth waiting for.
struct DownloadWatch {
    enum Verdict: Equatable {
        case done
        /// True when it is time to write down how far it is.
        case wait(isNews: Bool)
        case useless(String)
    }

    private let pace: DownloadPace
    private let hasAlternative: Bool
    private var looks = 0
    private var last: DownloadProgress?
    /// Without a byte more.
    private var idle: Duration = .zero

    init(pace: DownloadPace, hasAlternative: Bool) {
        self.pace = pace
        self.hasAlternative = hasAlternative
    }

    mutating func see(_ progress: DownloadProgress) -> Verdict {
        defer { last = progress }
        looks += 1
        if let last {
            idle = progress.receivedBytes > last.receivedBytes ? .zero : idle + pace.pollInterval
        }
        let isNews = last?.state != progress.state || looks % max(1, pace.looksPerNote) == 0
        switch progress.state {
        case .done: return .done
        case .failed(let why): return .useless("it failed: \(why)")
        case .rejected(let why): return .useless("it was rejected: \(why)")
        case .cancelled: return .useless("it was cancelled at the service")
        case .waiting:
            let limit = hasAlternative ? pace.queueLimit : pace.lastQueueLimit
            return idle < limit ? .wait(isNews: isNews) : .useless("it did not begin in \(limit)")
        case .running:
            return idle < pace.stallLimit
                ? .wait(isNews: isNews) : .useless("not a byte came in \(pace.stallLimit)")
        }
    }
}

extension DownloadProgress {
    fileprivate var waitingText: String? {
        guard case .waiting = state else { return nil }
        return placeInQueue.map { "waits at place \($0) of the peer's queue" } ?? "waits for the peer"
    }
}

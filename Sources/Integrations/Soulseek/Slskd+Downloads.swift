import Contracts
import Domain
import Foundation
import Synchronization

extension Slskd {
    private struct File: Encodable {
        let filename: String
        let size: Int64
    }

    private struct BatchBody: Encodable {
        let id: String
        let username: String
        let files: [File]
    }

    private enum BatchEnd: Sendable {
        /// Nil when it does not say which transfer it is.
        case taken(SlskdAnswers.Transfer?)
        /// This version has no such call, or the peer is not there.
        case notFound
    }

    /// Throws `serviceRefused` when this peer does not give it.
    package func start(_ offer: DownloadOffer) async throws -> DownloadTicket {
        // An earlier request may have arrived although its answer did not.
        if let known = try await living(offer) { return Self.ticket(known, offer) }
        if let begun = try await begin(offer) { return Self.ticket(begun, offer) }
        if let known = try await living(offer) { return Self.ticket(known, offer) }
        throw Failure(.serviceRefused, "slskd did not begin the download")
    }

    private func begin(_ offer: DownloadOffer) async throws -> SlskdAnswers.Transfer? {
        let known = takesBatches.withLock(\.self)
        if known != false {
            switch try await beginBatch(offer) {
            case .taken(let transfer):
                takesBatches.withLock { $0 = true }
                return transfer
            case .notFound:
                guard known == nil else { throw Failure(.serviceRefused, "the peer is not there") }
            }
        }
        let transfer = try await beginOne(offer)
        takesBatches.withLock { $0 = false }
        return transfer
    }

    /// Since 0.26.
    private func beginBatch(_ offer: DownloadOffer) async throws -> BatchEnd {
        let file = File(filename: offer.fileName, size: offer.sizeBytes)
        let body = BatchBody(id: newID(), username: offer.peer, files: [file])
        let path = "/transfers/downloads/batches"
        return try await send(.post, path, json: ContractJSON.encode(body), isRepeatable: false) { answer in
            switch answer.status {
            case 200...207:
                let batch = try answer.read(SlskdAnswers.BatchAnswer.self, of: .slskd)
                if let own = batch.batch?.value?.transfers?.items.first(where: { $0.filename == offer.fileName }) {
                    return .taken(own)
                }
                let why = batch.failures?.items.first?.message?.value
                // `Skipped: Already in progress`
                if let why, !why.hasPrefix("Skipped") { throw Failure(.serviceRefused, "slskd: \(why.prefix(300))") }
                return .taken(nil)
            case 409: return .taken(nil)
            // Versions before take `batches` for the name of a peer, and the body for none of theirs.
            case 400, 404, 405: return .notFound
            default: throw Self.refusal(answer)
            }
        }
    }

    /// In every version. A file that is refused is missing from the answer.
    private func beginOne(_ offer: DownloadOffer) async throws -> SlskdAnswers.Transfer? {
        let body = [File(filename: offer.fileName, size: offer.sizeBytes)]
        let path = "/transfers/downloads/\(Self.part(offer.peer))"
        return try await send(.post, path, json: ContractJSON.encode(body), isRepeatable: false) { answer in
            guard (200...207).contains(answer.status) else { throw Self.refusal(answer) }
            return try answer.read(SlskdAnswers.Enqueued.self, of: .slskd)
                .enqueued?.items.first { $0.filename == offer.fileName }
        }
    }

    /// The download of this very file that is under way or done.
    private func living(_ offer: DownloadOffer) async throws -> SlskdAnswers.Transfer? {
        let path = "/transfers/downloads/\(Self.part(offer.peer))"
        let known = try await get(path, as: SlskdAnswers.Downloads.self)?.transfers ?? []
        return known.first { transfer in
            transfer.filename == offer.fileName
                && TransferState.isAlive(TransferState.of(transfer.state ?? "", problem: nil))
        }
    }

    private static func ticket(_ transfer: SlskdAnswers.Transfer, _ offer: DownloadOffer) -> DownloadTicket {
        DownloadTicket(peer: offer.peer, id: transfer.id, fileName: offer.fileName)
    }

    package func progress(of ticket: DownloadTicket) async throws -> DownloadProgress? {
        try await get(Self.path(ticket), as: SlskdAnswers.Transfer.self).map { transfer in
            func bytes(_ number: LooseNumber?) -> Int64 { number?.value.flatMap { Int64(exactly: $0) } ?? 0 }
            return DownloadProgress(
                state: TransferState.of(transfer.state ?? "", problem: transfer.exception?.value),
                receivedBytes: bytes(transfer.bytesTransferred), sizeBytes: bytes(transfer.size),
                placeInQueue: transfer.placeInQueue?.count)
        }
    }

    package func cancel(_ ticket: DownloadTicket) async throws {
        try await send(.delete, Self.path(ticket), query: [("remove", "true")]) { answer in
            guard [200, 204, 404].contains(answer.status) else { throw Self.refusal(answer) }
        }
    }

    private static func path(_ ticket: DownloadTicket) -> String {
        "/transfers/downloads/\(part(ticket.peer))/\(part(ticket.id))"
    }

    // MARK: Where it lies

    private static let eventsPerPage = 100
    private static let eventPagesMax = 10

    /// Transfers do not tell; the event of their end does. Events come the newest first.
    package func localPath(of ticket: DownloadTicket) async throws -> FilePath? {
        for page in 0..<Self.eventPagesMax {
            let range = [
                (name: "offset", value: "\(page * Self.eventsPerPage)"),
                (name: "limit", value: "\(Self.eventsPerPage)"),
            ]
            let events = try await get("/events", query: range, as: LooseList<SlskdAnswers.Event>.self)?.items ?? []
            if let path = events.lazy.compactMap({ Self.path(in: $0, for: ticket) }).first { return path }
            if events.count < Self.eventsPerPage { return nil }
        }
        return nil
    }

    static func path(in event: SlskdAnswers.Event, for ticket: DownloadTicket) -> FilePath? {
        guard event.type == "DownloadFileComplete" else { return nil }
        let data = Data(event.data.utf8)
        let end = try? JSONDecoder().decode(SlskdAnswers.FileComplete.self, from: data)  // the next may be ours
        guard let end, end.transfer?.value?.id == ticket.id, end.localFilename.hasPrefix("/") else { return nil }
        return FilePath(bytes: Array(end.localFilename.utf8))
    }
}

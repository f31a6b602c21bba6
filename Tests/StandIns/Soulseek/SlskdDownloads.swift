import Foundation

/// What is asked to be downloaded, checked, and turned into transfers.
struct SlskdDownloads {
    struct Wanted: Sendable {
        let filename: String
        let size: Int
    }

    let now: Double
    let timeScale: Double
    /// Sizes of files as they are, by remote name.
    let sizes: [String: Int]

    static func wanted(_ list: [JSON]?) throws(SlskdRefusal) -> [Wanted] {
        guard let list, !list.isEmpty else { throw SlskdRefusal(400, "At least one file is required") }
        var wanted: [Wanted] = []
        for item in list {
            guard let name = item["filename"]?.string, !name.isEmpty, let size = item["size"]?.int, size >= 0 else {
                throw SlskdRefusal(400, "Every file needs a filename and a size")
            }
            guard !name.split(whereSeparator: { "\\/".contains($0) }).contains("..") else {
                throw SlskdRefusal(400, "The filename \(name) contains traversal segments")
            }
            wanted.append(Wanted(filename: name, size: size))
        }
        return wanted
    }

    /// Nil when the same download is under way already.
    func transfer(
        of wanted: Wanted, from peer: SoulseekPeer, id: String, batch: SlskdState.Batch?, _ state: SlskdState
    ) -> SlskdTransfer? {
        guard !state.isUnderWay(wanted.filename, from: peer.name, now: now) else { return nil }
        let file = peer.files.first { $0.remoteName == wanted.filename }
        return SlskdTransfer(
            id: id, batchID: batch?.id, username: peer.name, filename: wanted.filename, size: wanted.size,
            destination: batch?.destination, actualSize: sizes[wanted.filename] ?? wanted.size,
            // What nobody shares is refused like any file that may not be had.
            manner: file == nil ? .rejects : peer.manner, isLocked: file?.isLocked ?? false,
            queueLength: peer.hasFreeSlot ? 0 : peer.queueLength, uploadSpeed: peer.uploadSpeed,
            timeScale: timeScale, requestedAt: now)
    }

    // MARK: One peer's list (all versions)

    func enqueue(
        _ wanted: [Wanted], from name: String, _ state: inout SlskdState, ids: () -> String
    ) throws(SlskdRefusal) -> Reply {
        guard let peer = state.peer(name), peer.isOnline else {
            throw SlskdRefusal(500, "User \(name) appears to be offline")
        }
        var enqueued: [JSON] = []
        var failed = 0
        for item in wanted {
            if let transfer = transfer(of: item, from: peer, id: ids(), batch: nil, state) {
                state.add(transfer)
                enqueued.append(transfer.json(at: now))
            } else {
                failed += 1
            }
        }
        // Tuples of .NET, of which JSON shows nothing.
        let empty = [JSON](repeating: .object([]), count: failed)
        return .json(["enqueued": .array(enqueued), "failed": .array(empty)], status: 201)
    }

    // MARK: Batches (0.26 and later)

    func batch(_ json: JSON?, _ state: inout SlskdState, ids: () -> String) throws(SlskdRefusal) -> Reply {
        guard let json, let username = json["username"]?.string, !username.isEmpty else {
            throw SlskdRefusal(400, "Username is required")
        }
        let wanted = try Self.wanted(json["files"]?.array)
        guard Set(wanted.map(\.filename)).count == wanted.count else { throw SlskdRefusal(400, "Duplicate files") }
        let id = (json["id"]?.string ?? ids()).lowercased()
        let searchID = json["searchId"]?.string
        guard ListenSubmission.isUUID(id), searchID.map({ ListenSubmission.isUUID($0) }) ?? true else {
            throw SlskdRefusal(400, "An id is no GUID")
        }
        let destination = json["options"]?["destination"]?.string
        if let destination, destination.hasPrefix("/") || destination.split(separator: "/").contains("..") {
            throw SlskdRefusal(400, "The destination must be a relative directory")
        }
        guard !state.batches.contains(where: { $0.id == id }) else {
            throw SlskdRefusal(409, "A batch with id \(id) already exists")
        }
        guard let peer = state.peer(username), peer.isOnline else {
            throw SlskdRefusal(404, "User \(username) appears to be offline")
        }
        let batch = SlskdState.Batch(
            id: id, searchID: searchID, username: username, createdAt: now, destination: destination)
        state.batches.append(batch)
        var failures: [JSON] = []
        for item in wanted {
            if let transfer = transfer(of: item, from: peer, id: ids(), batch: batch, state) {
                state.add(transfer)
            } else {
                failures.append([
                    "filename": .string(item.filename), "message": "Skipped: Already in progress",
                ])
            }
        }
        let status = failures.isEmpty ? 201 : failures.count < wanted.count ? 207 : 200
        return .json(
            ["batch": Self.json(of: batch, state, now: now), "failures": .array(failures)], status: status)
    }

    static func json(of batch: SlskdState.Batch, _ state: SlskdState, now: Double) -> JSON {
        let transfers = state.transfers.filter { $0.batchID == batch.id }.map { $0.json(at: now) }
        let json: JSON = [
            "id": .string(batch.id), "searchId": JSON(batch.searchID), "username": .string(batch.username),
            "direction": "Download", "createdAt": SlskdText.date(batch.createdAt),
            "options": ["destination": JSON(batch.destination)], "transfers": .array(transfers),
        ]
        return json.withoutNulls
    }
}

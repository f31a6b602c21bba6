import Demo
import Foundation

/// Puts together what peers answer to a search.
struct SlskdFinder: Sendable {
    let shelf: SoulseekShelf

    /// How a client narrows what it wants.
    struct Filter: Sendable {
        var isOn = true
        var leastFiles = 1
        var maxQueue = Int.max
        var leastSpeed = 0
    }

    /// Files that are made for one search.
    private static let maxFiles = 60

    func hits(_ text: String, in peers: [SoulseekPeer], _ filter: Filter) async throws -> [SlskdSearch.Hit] {
        var hits: [SlskdSearch.Hit] = []
        var made = 0
        for peer in peers {
            let matching = peer.files.filter { Self.matches($0.remoteName, text) }.prefix(Self.maxFiles - made)
            made += matching.count
            var (files, locked): ([JSON], [JSON]) = ([], [])
            for file in matching {
                let json = try await json(of: file)
                if file.isLocked { locked.append(json) } else { files.append(json) }
            }
            guard !files.isEmpty || !locked.isEmpty else { continue }
            if filter.isOn {
                guard files.count + locked.count >= filter.leastFiles, peer.queueLength <= filter.maxQueue,
                    peer.uploadSpeed >= filter.leastSpeed
                else { continue }
            }
            hits.append(
                SlskdSearch.Hit(
                    username: peer.name, files: files, lockedFiles: locked, hasFreeSlot: peer.hasFreeSlot,
                    queueLength: peer.queueLength, uploadSpeed: peer.uploadSpeed))
        }
        return hits
    }

    /// All words are in the name; none of those with a minus before them.
    static func matches(_ name: String, _ text: String) -> Bool {
        let own = Set(LuceneParser.split(name))
        let words = text.split(separator: " ")
        let wanted = words.filter { !$0.hasPrefix("-") }.flatMap { LuceneParser.split(String($0)) }
        let unwanted = words.filter { $0.hasPrefix("-") }.flatMap { LuceneParser.split(String($0)) }
        return !wanted.isEmpty && own.isSuperset(of: wanted) && own.isDisjoint(with: unwanted)
    }

    func json(of file: SoulseekPeer.File) async throws -> JSON {
        let url = try await shelf.file(file.origin)
        let size = try FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int ?? 0
        let kind = SlskdText.fileName(of: file.remoteName).split(separator: ".").last.map(String.init) ?? ""
        let plain: JSON = [
            "filename": .string(file.remoteName), "size": .int(size), "code": 1, "extension": .string(kind),
        ]
        return plain.adding(Self.attributes(of: file.origin)).adding(["isLocked": .bool(file.isLocked)])
    }

    /// What a peer's program read from the file, if it did.
    private static func attributes(of origin: SoulseekPeer.File.Origin) -> JSON {
        guard case .song(let song, let format) = origin else { return [:] }
        let length: JSON = .int(Int(song.seconds))
        guard format == .flac else { return ["bitRate": 192, "isVariableBitRate": false, "length": length] }
        return ["bitDepth": 16, "length": length, "sampleRate": 44_100]
    }
}

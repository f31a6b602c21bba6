/// `/api/v0/users`: who is there, and what they share.
struct SlskdUsers {
    let peers: [SoulseekPeer]

    func answer(_ path: [String], _ request: Request) throws(SlskdRefusal) -> Reply {
        guard path.count == 2, let peer = peers.first(where: { $0.name == path[0] }), peer.isOnline else {
            throw SlskdRefusal(404, "User is offline")
        }
        switch (request.method, path[1]) {
        case ("GET", "status"): return .json(["isPrivileged": false, "presence": "Online"])
        case ("GET", "info"):
            return .json([
                "description": "", "hasPicture": false, "hasFreeUploadSlot": .bool(peer.hasFreeSlot),
                "queueLength": .int(peer.queueLength), "uploadSlots": 2,
            ])
        case ("GET", "endpoint"):
            return .json(["addressFamily": "InterNetwork", "address": "127.0.0.1", "port": 50_300])
        case ("GET", "browse"):
            let (open, locked) = (folders(peer, areLocked: false), folders(peer, areLocked: true))
            return .json([
                "directories": .array(open), "directoryCount": .int(open.count),
                "lockedDirectories": .array(locked), "lockedDirectoryCount": .int(locked.count),
            ])
        case ("POST", "directory"):
            guard let name = request.json?["directory"]?.string else { throw SlskdRefusal(400, "No directory") }
            return .json(.array((folders(peer, areLocked: false)).filter { $0["name"]?.string == name }))
        default: throw SlskdRefusal(404)
        }
    }

    private func folders(_ peer: SoulseekPeer, areLocked: Bool) -> [JSON] {
        let files = peer.files.filter { $0.isLocked == areLocked }
        let names = files.map { SlskdText.directory(of: $0.remoteName) }
            .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return names.map { name in
            let own = files.filter { SlskdText.directory(of: $0.remoteName) == name }
            let list = own.map { file -> JSON in
                ["filename": .string(SlskdText.fileName(of: file.remoteName)), "code": 1, "attributeCount": 0]
            }
            return ["name": .string(name), "fileCount": .int(own.count), "files": .array(list)]
        }
    }
}

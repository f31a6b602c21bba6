import Domain

/// The most frequent payload by far: each file of a scan has one, written once and read twice.
extension IndexFilePayload {
    /// Nil when the JSON is not of the plain form, or not right: `JSONDecoder` decides then.
    init?(flat json: String) {
        var path: FilePath?
        var payload = IndexFilePayload(filePath: FilePath(bytes: []), rootPath: nil, scanID: nil, priority: nil)
        let isPlain = FlatJSON.read(json) { name, value in
            switch (name, value) {
            case ("file_path", .text(let text)): return Self.set(&path, FilePath(encoded: text))
            case ("root_path", .text(let text)): return Self.set(&payload.rootPath, FilePath(encoded: text))
            case ("scan_id", .text(let text)): return Self.set(&payload.scanID, text)
            case ("priority", .text(let text)): return Self.set(&payload.priority, Priority(name: text))
            case ("until", .text(let text)): return Self.set(&payload.until, Scan.Stage(rawValue: text))
            case ("track_id", .integer(let number)): return Self.set(&payload.trackID, number)
            case ("size", .integer(let number)): return Self.set(&payload.size, number)
            case ("mtime_ns", .integer(let number)): return Self.set(&payload.mtimeNs, number)
            case ("refresh", .bool(let flag)): return Self.set(&payload.refresh, flag)
            case ("accept_older", .bool(let flag)): return Self.set(&payload.acceptOlder, flag)
            default: return false
            }
        }
        guard isPlain, let path else { return nil }
        payload.filePath = path
        self = payload
    }

    /// False for a value that is not understood, and for a name that comes twice.
    private static func set<Value>(_ member: inout Value?, _ value: Value?) -> Bool {
        guard member == nil, let value else { return false }
        member = value
        return true
    }

    /// The same text as `ContractJSON` writes. Nil when a text needs escapes, and for a file that a sheet cuts.
    func flatJSON() -> String? {
        guard cut == nil else { return nil }
        var writer = FlatJSONWriter()
        writer.member("accept_older", acceptOlder)
        writer.member("file_path", filePath.encoded)
        writer.member("mtime_ns", mtimeNs)
        writer.member("priority", priority?.name)
        writer.member("refresh", refresh)
        writer.member("root_path", rootPath?.encoded)
        writer.member("scan_id", scanID)
        writer.member("size", size)
        writer.member("track_id", trackID)
        writer.member("until", until?.rawValue)
        return writer.object
    }
}

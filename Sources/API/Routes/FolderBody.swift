import Contracts
import Domain
import UseCases

/// One folder in the body of a walk's report.
enum FolderBody {
    private static let maxPathBytes = 4096

    private static let schema: JSONValue = [
        "type": "object", "required": ["path", "files"],
        "properties": ["path": Scalar<FilePath>.folder.schema, "files": list, "playlists": list, "cuts": cuts],
    ]
    private static let cuts: JSONValue = [
        "type": "array", "maxItems": .integer(Int64(LeasedTaskRoutes.maxFiles)),
        "items": [
            "type": "object", "required": ["name", "cut"],
            "description":
                "How a sheet cuts the file of this name, as in the payload of `index_file`. Absent when nobody looked for sheets.",
            "properties": ["name": ["type": "string"], "cut": ["type": "object"]],
        ],
    ]
    private static let list: JSONValue = [
        "type": "array", "maxItems": .integer(Int64(LeasedTaskRoutes.maxFiles)),
        "items": [
            "type": "array", "minItems": 5, "maxItems": 5,
            "description":
                "Name (one that is not UTF-8, or begins with `bytes:`, as `bytes:` and hexadecimal digits), bytes, time of change in nanoseconds since the epoch, inode, device.",
            "prefixItems": [
                ["type": "string"], ["type": "integer"], ["type": "integer"], ["type": "integer"],
                ["type": "integer"],
            ],
        ],
    ]

    static let scalar = Scalar<FolderListing>(schema: schema, expectation: "a folder with its files") { json in
        guard let path = json["path"].flatMap(Scalar.folder.parse), let files = json["files"].flatMap(FolderBody.files)
        else {
            return nil
        }
        var (playlists, cuts): ([ListedFile]?, [[UInt8]: SheetCut]?)
        if let more = json["playlists"], more != .null {
            guard let found = FolderBody.files(more) else { return nil }
            playlists = found
        }
        if let more = json["cuts"], more != .null {
            guard let found = FolderBody.cuts(more) else { return nil }
            cuts = found
        }
        return FolderListing(path: path, files: files, playlists: playlists, cuts: cuts)
    }

    private static func cuts(_ json: JSONValue) -> [[UInt8]: SheetCut]? {
        guard case .array(let entries) = json, entries.count <= LeasedTaskRoutes.maxFiles else { return nil }
        var cuts: [[UInt8]: SheetCut] = [:]
        for entry in entries {
            guard case .string(let text) = entry["name"], let name = FileName.decode(text),
                let cut = entry["cut"].flatMap(cut), cuts.updateValue(cut, forKey: name) == nil
            else { return nil }
        }
        return cuts
    }

    private static func cut(_ json: JSONValue) -> SheetCut? {
        do {
            let cut = try ContractJSON.decode(SheetCut.self, from: ContractJSON.encode(json))
            return cut.problem == nil ? cut : nil
        } catch {
            return nil  // the answer says what was expected
        }
    }

    private static func files(_ json: JSONValue) -> [ListedFile]? {
        guard case .array(let entries) = json, entries.count <= LeasedTaskRoutes.maxFiles else { return nil }
        let files = entries.compactMap(file)
        return files.count == entries.count ? files : nil
    }

    private static func file(_ json: JSONValue) -> ListedFile? {
        guard case .array(let parts) = json, parts.count == 5, case .string(let text) = parts[0],
            let name = FileName.decode(text), case .integer(let size) = parts[1], size >= 0,
            case .integer(let mtimeNs) = parts[2], case .integer(let inode) = parts[3],
            case .integer(let device) = parts[4]
        else { return nil }
        return ListedFile(
            name: name, facts: FileFacts(size: size, mtimeNs: mtimeNs, inode: inode, device: device))
    }
}

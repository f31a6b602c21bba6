import Contracts
import Domain
import UseCases

/// One folder in the body of a walk's report.
enum FolderBody {
    private static let maxPathBytes = 4096

    private static let schema: JSONValue = [
        "type": "object", "required": ["path", "files"],
        "properties": ["path": Scalar<FilePath>.folder.schema, "files": list, "playlists": list],
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
        guard let more = json["playlists"], more != .null else { return FolderListing(path: path, files: files) }
        return FolderBody.files(more).map { FolderListing(path: path, files: files, playlists: $0) }
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

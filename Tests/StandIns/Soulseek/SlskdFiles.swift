import Foundation

/// `/api/v0/files/downloads/directories`: what lies in the folder of downloads.
struct SlskdFiles {
    let root: URL

    private static let maxDepth = 8

    func answer(_ path: [String], _ request: Request) throws(SlskdRefusal) -> Reply {
        guard request.method == "GET", path.prefix(2) == ["downloads", "directories"], path.count <= 3 else {
            throw SlskdRefusal(404)
        }
        var folder = root
        if path.count == 3 {
            guard let name = Base64.decoded(path[2]), !name.split(separator: "/").contains("..") else {
                throw SlskdRefusal(400, "The directory is no base 64")
            }
            folder = root.appending(path: name)
        }
        guard FileManager.default.fileExists(atPath: folder.path) else { throw SlskdRefusal(404) }
        let isRecursive = request.query["recursive"]?.lowercased() == "true"
        return .json(json(of: folder, depth: isRecursive ? Self.maxDepth : 0))
    }

    private func json(of folder: URL, depth: Int) -> JSON {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []  // it went
        var (files, directories): ([JSON], [JSON]) = ([], [])
        for name in names.sorted() {
            let url = folder.appending(path: name)
            let facts = try? FileManager.default.attributesOfItem(atPath: url.path)  // likewise
            if facts?[.type] as? FileAttributeType == .typeDirectory {
                directories.append(depth > 0 ? json(of: url, depth: depth - 1) : head(url))
            } else {
                files.append(head(url).adding(["length": JSON(facts?[.size] as? Int)]))
            }
        }
        return head(folder).adding(["files": .array(files), "directories": .array(directories)])
    }

    private func head(_ url: URL) -> JSON {
        ["name": .string(url.lastPathComponent), "fullName": .string(url.path), "attributes": "Normal"]
    }
}

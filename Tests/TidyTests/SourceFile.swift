import Foundation

/// A file of this package, by its path below the package's root.
struct SourceFile {
    let path: String
    let text: String

    /// `Sources/Audio/Decoder.swift` lies in `Sources/Audio`.
    func lies(in folder: String) -> Bool { path.hasPrefix(folder + "/") }

    var lineCount: Int { text.split(separator: "\n", omittingEmptySubsequences: false).count }
}

/// The package that these tests belong to.
enum Package {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().standardizedFileURL

    static func swiftFiles() throws -> [SourceFile] {
        try files(in: ["Sources", "common", "Tests"], extensions: ["swift"])
    }

    static func files(in folders: [String], extensions: Set<String>) throws -> [SourceFile] {
        try folders.flatMap { folder in
            try FileManager.default.subpathsOfDirectory(atPath: root.appendingPathComponent(folder).path).sorted()
                .map { "\(folder)/\($0)" }
                .filter { extensions.contains(($0 as NSString).pathExtension) && !isFolder($0) }
                .map(file)
        }
    }

    static func file(_ path: String) throws -> SourceFile {
        let data = try Data(contentsOf: root.appendingPathComponent(path))
        return SourceFile(path: path, text: String(decoding: data, as: UTF8.self))
    }

    static func folders(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path)
            .filter { isFolder("\(folder)/\($0)") }
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        let whole = root.appendingPathComponent(path).path
        return FileManager.default.fileExists(atPath: whole, isDirectory: &isFolder) && isFolder.boolValue
    }
}

import Domain
import Foundation

/// Finds tracks by their paths, many from few folders: each folder is read once.
struct TrackAtPath {
    private let connection: any Connection
    private var folders: [FilePath: [[UInt8]: Int64]] = [:]
    private var trackCount = 0

    /// Tracks and folders that are kept in memory; beyond that, folders are read anew.
    private static let maxKept = 200_000

    init(_ connection: any Connection) {
        self.connection = connection
    }

    mutating func first(of candidates: [FilePath]) throws -> Int64? {
        for path in candidates {
            for spelling in Self.spellings(path) {
                if let track = try tracks(in: spelling.parent)[spelling.lastComponent] { return track }
            }
        }
        return nil
    }

    /// One machine composes accents and another one does not; names are bytes here.
    private static func spellings(_ path: FilePath) -> [FilePath] {
        guard path.bytes.contains(where: { $0 >= 0x80 }), let text = String(validating: path.bytes, as: UTF8.self)
        else { return [path] }
        let forms = [text.precomposedStringWithCanonicalMapping, text.decomposedStringWithCanonicalMapping]
        return [path] + forms.map { FilePath($0) }.filter { $0 != path }
    }

    private mutating func tracks(in folder: FilePath) throws -> [[UInt8]: Int64] {
        if let known = folders[folder] { return known }
        var tracks: [[UInt8]: Int64] = [:]
        var presentParts: Set<[UInt8]> = []
        if let id = try CatalogueRows.folderID(folder, connection) {
            // Of a file that is cut, its first part: a list names no other. By name, so that the whole comes before them.
            try connection.forEach("SELECT name, id, state FROM track WHERE folder_id = \(id) ORDER BY name") { row in
                let name = PartName(stored: row.bytes(0) ?? [])
                let isPresent = row.int(2) == CatalogueRows.present
                if name.number == nil || isPresent && !presentParts.contains(name.file) {
                    tracks[name.file] = row.int(1)
                }
                if name.number != nil, isPresent { presentParts.insert(name.file) }
            }
        }
        trackCount += tracks.count + 1
        if trackCount > Self.maxKept {
            folders = [:]
            trackCount = tracks.count + 1
        }
        folders[folder] = tracks
        return tracks
    }
}

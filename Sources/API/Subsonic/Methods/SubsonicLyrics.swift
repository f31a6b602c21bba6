import Domain
import UseCases

/// The words of songs.
struct SubsonicLyrics: Sendable {
    let services: APIServices

    /// ISO 639 for a language that nobody named.
    private static let unknownLanguage = "und"
    /// Songs that are looked at for one with this artist and title.
    private static let maxCandidates = 20

    var methods: [SubsonicMethod] {
        [
            SubsonicMethod("getLyricsBySongId", required: ["id"]) { call in
                let found = try await finder.lyrics(ofTrack: call.parameters.trackID())
                var node = SubsonicNode()
                let track = try await services.catalogue.track(id: call.parameters.trackID())
                node.add("structuredLyrics", .children(found.map { Self.node($0, track) }))
                return .node("lyricsList", node)
            },
            SubsonicMethod("getLyrics", handle: byName),
        ]
    }

    private var finder: FindLyrics {
        FindLyrics(catalogue: services.catalogue, scans: services.scans, files: services.files)
    }

    private static func node(_ lyrics: Lyrics, _ track: Track) -> SubsonicNode {
        var node = SubsonicNode()
        node.set("displayArtist", lyrics.displayArtist ?? track.displayArtist)
        node.set("displayTitle", lyrics.displayTitle ?? track.displayTitle)
        node.set("lang", lyrics.language ?? unknownLanguage)
        if lyrics.offsetMs != 0 { node.set("offset", lyrics.offsetMs) }
        node.set("synced", flag: lyrics.isSynced)
        let lines = lyrics.lines.map { line in
            var node = SubsonicNode()
            if lyrics.isSynced { node.set("start", line.startMs) }
            node.add("value", .content(.text(line.text)))
            return node
        }
        node.add("line", .children(lines))
        return node
    }

    /// For players that know songs by name; without words where nobody has any.
    private func byName(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let (artist, title) = (call.parameters.filled("artist"), call.parameters.filled("title"))
        var node = SubsonicNode()
        node.set("artist", artist)
        node.set("title", title)
        node.add("value", .content(.text(try await words(artist, title))))
        return .node("lyrics", node)
    }

    private func words(_ artist: String?, _ title: String?) async throws -> String {
        guard let title else { return "" }
        let found = try await services.catalogue.search(
            [artist, title].compactMap(\.self).joined(separator: " "), limit: Self.maxCandidates)
        for track in found where track.displayTitle.lowercased() == title.lowercased() {
            if let lyrics = try await finder.lyrics(ofTrack: track.id).first { return lyrics.text }
        }
        return ""
    }
}

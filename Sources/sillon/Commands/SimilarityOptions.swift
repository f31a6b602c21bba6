import ArgumentParser
import Contracts
import Domain

/// Which tracks may be in an answer, and how it is put together.
struct SimilarityOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only tracks of this genre; may be repeated.", valueName: "name"))
    var genre: [String] = []

    @Option(help: ArgumentHelp("Only tracks in this folder.", valueName: "dir"))
    var folder: String?

    @Option(help: ArgumentHelp("Only tracks of this year or later.", valueName: "year"))
    var yearFrom: Int?

    @Option(help: ArgumentHelp("Only tracks of this year or earlier.", valueName: "year"))
    var yearTo: Int?

    @Option(help: ArgumentHelp("Nothing by this artist (id or name); may be repeated.", valueName: "artist"))
    var notArtist: [String] = []

    @Option(help: ArgumentHelp("Leave out explicit, live or christmas; may be repeated.", valueName: "trait"))
    var exclude: [String] = []

    @Option(help: ArgumentHelp("Other tracks between two of one artist.", valueName: "n"))
    var artistGap: Int?

    @Option(help: ArgumentHelp("Other tracks between two of one album.", valueName: "n"))
    var albumGap: Int?

    @Option(help: ArgumentHelp("Largest jump in tempo, in percent.", valueName: "n"))
    var maxTempoJump: Int?

    @Flag(help: "Only keys that mix well (neighbours on the Camelot wheel).")
    var compatibleKeys = false

    @Flag(help: "Allow the same recording more than once.")
    var duplicates = false

    func validate() throws {
        let traits = TrackTrait.allCases.map(\.rawValue)
        if let other = exclude.first(where: { !traits.contains($0) }) {
            throw ValidationError("--exclude \(other): there is \(traits.joined(separator: ", "))")
        }
    }

    /// Members of a question's `filters`.
    func filters(_ finder: SeedFinder) async throws -> JSONValue {
        var members: [String: JSONValue] = [:]
        if let folder { members["folder"] = .string(try PathArgument.known(folder).encoded) }
        if !genre.isEmpty { members["genres"] = .array(genre.map { .string($0) }) }
        members["year_from"] = yearFrom.map { .integer(Int64($0)) }
        members["year_to"] = yearTo.map { .integer(Int64($0)) }
        if !exclude.isEmpty { members["exclude"] = .array(exclude.map { .string($0) }) }
        var artists: [JSONValue] = []
        for name in notArtist { artists.append(.integer(try await finder.artist(name))) }
        if !artists.isEmpty { members["not_artists"] = .array(artists) }
        return .object(members)
    }

    /// Members of a question's `rules`; what is not given is the server's to decide.
    var rules: [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        members["artist_gap"] = artistGap.map { .integer(Int64($0)) }
        members["album_gap"] = albumGap.map { .integer(Int64($0)) }
        members["max_tempo_jump"] = maxTempoJump.map { .integer(Int64($0)) }
        if compatibleKeys { members["keys"] = "compatible" }
        if duplicates { members["duplicates"] = "keep" }
        return members
    }

    /// The same for a URL.
    func query(_ finder: SeedFinder) async throws -> [(String, String?)] {
        guard genre.count <= 1 else { throw CommandError.failed("a path takes one --genre") }
        var artists: [String] = []
        for name in notArtist { artists.append("\(try await finder.artist(name))") }
        return [
            ("folder", try folder.map { try PathArgument.known($0).encoded }), ("genre", genre.first),
            ("year_from", yearFrom.map(String.init)), ("year_to", yearTo.map(String.init)),
            ("exclude", exclude.isEmpty ? nil : exclude.joined(separator: ",")),
            ("not_artists", artists.isEmpty ? nil : artists.joined(separator: ",")),
            ("artist_gap", artistGap.map(String.init)), ("album_gap", albumGap.map(String.init)),
            ("max_tempo_jump", maxTempoJump.map(String.init)), ("keys", compatibleKeys ? "compatible" : nil),
            ("duplicates", duplicates ? "keep" : nil),
        ]
    }
}

/// What an answer is to sound like.
struct SeedOptions: ParsableArguments {
    @Argument(help: "An id, a file, or words.")
    var track: [String] = []

    @Option(help: ArgumentHelp("One more track to sound like; may be repeated.", valueName: "track"))
    var plus: [String] = []

    @Option(help: ArgumentHelp("A track not to sound like; may be repeated.", valueName: "track"))
    var minus: [String] = []

    @Option(help: ArgumentHelp("An artist to sound like (id or name); may be repeated.", valueName: "artist"))
    var artist: [String] = []

    @Option(help: ArgumentHelp("An album to sound like (id or title); may be repeated.", valueName: "album"))
    var album: [String] = []

    func validate() throws {
        guard !track.isEmpty || !plus.isEmpty || !artist.isEmpty || !album.isEmpty else {
            throw ValidationError("Name a track, or an --artist or --album")
        }
    }

    /// The seeds as a question has them, and how people call them.
    func seeds(_ finder: SeedFinder) async throws -> (plus: [JSONValue], minus: [JSONValue], names: [String]) {
        var (seeds, less, names): ([JSONValue], [JSONValue], [String]) = ([], [], [])
        for text in (track.isEmpty ? [] : [track.joined(separator: " ")]) + plus {
            let found = try await finder.tracks.find(text)
            seeds.append(["track": .integer(found.id)])
            names.append("\(found.name) (track \(found.id))")
        }
        for text in album {
            let id = try await finder.album(text)
            seeds.append(["album": .integer(id)])
            names.append("album \(text) (\(id))")
        }
        for text in artist {
            let id = try await finder.artist(text)
            seeds.append(["artist": .integer(id)])
            names.append("artist \(text) (\(id))")
        }
        for text in minus {
            let found = try await finder.tracks.find(text)
            less.append(["track": .integer(found.id)])
            names.append("not \(found.name) (track \(found.id))")
        }
        return (seeds, less, names)
    }
}

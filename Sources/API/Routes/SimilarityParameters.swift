import Domain
import UseCases

/// Filters and rules of a question that is asked by GET, where a list is one value with commas.
enum SimilarityParameters {
    static let maxIDs = 100
    static let maxGenreLength = 200
    static let years = Scalar<Int>.integer(1...9999)

    private static let folder = Parameter(
        "folder", Scalar<FilePath>.folder, "Only tracks in this folder, a library root say, or below it.")
    private static let genre = Parameter(
        "genre", .text(1...maxGenreLength), "Only tracks of this genre; case does not count.")
    private static let yearFrom = Parameter("year_from", years, "Only tracks of this year or later.")
    private static let yearTo = Parameter("year_to", years, "Only tracks of this year or earlier.")
    private static let notArtists = Parameter(
        "not_artists", .ids(max: maxIDs), "No tracks that credit one of these artists, as in `3,14`.")
    private static let exclude = Parameter(
        "exclude", .traits, "No tracks that their tags call so, as in `live,christmas`.")

    private static let duplicates = Parameter(
        "duplicates", Scalar<SimilarityRules.Duplicates>.choice,
        "leave_out, the default: each recording once, and never that of a seed.")
    private static let maxPerArtist = Parameter(
        "max_per_artist", .integer(1...SimilarityRules.maxCount), "Tracks of one artist at most.")
    private static let maxPerAlbum = Parameter(
        "max_per_album", .integer(1...SimilarityRules.maxCount), "Tracks of one album at most.")
    private static let artistGap = Parameter(
        "artist_gap", .integer(0...SimilarityRules.maxGap), "Other tracks between two of one artist, at least.")
    private static let albumGap = Parameter(
        "album_gap", .integer(0...SimilarityRules.maxGap), "Other tracks between two of one album, at least.")
    private static let maxTempoJump = Parameter(
        "max_tempo_jump", .integer(0...SimilarityRules.maxJump),
        "Percent; half and double the tempo count as the same. To a seed; in a path to the track before.")
    private static let keys = Parameter(
        "keys", Scalar<SimilarityRules.Keys>.choice,
        "compatible: only neighbours on the Camelot wheel, of a seed; in a path of the track before.")

    static let filters = [
        ParameterSpec(folder), ParameterSpec(genre), ParameterSpec(yearFrom), ParameterSpec(yearTo),
        ParameterSpec(notArtists), ParameterSpec(exclude),
    ]
    /// What makes a list; a path has no use for the counts.
    static let listRules = [ParameterSpec(maxPerArtist), ParameterSpec(maxPerAlbum)] + pathRules
    static let pathRules = [
        ParameterSpec(duplicates), ParameterSpec(artistGap), ParameterSpec(albumGap), ParameterSpec(maxTempoJump),
        ParameterSpec(keys),
    ]

    static func filter(_ request: APIRequest) throws(Problem) -> SimilarityFilter {
        var filter = SimilarityFilter()
        filter.folder = try request.optional(folder)
        filter.genres = try request.optional(genre).map { [$0] } ?? []
        filter.yearFrom = try request.optional(yearFrom)
        filter.yearTo = try request.optional(yearTo)
        filter.notArtistIDs = Set(try request.optional(notArtists) ?? [])
        for trait in try request.optional(exclude) ?? [] { filter.excluded.formUnion(trait.traits) }
        return filter
    }

    static func rules(_ request: APIRequest) throws(Problem) -> SimilarityRules {
        var rules = SimilarityRules()
        rules.duplicates = try request.optional(duplicates) ?? rules.duplicates
        rules.maxPerArtist = try request.optional(maxPerArtist)
        rules.maxPerAlbum = try request.optional(maxPerAlbum)
        rules.artistGap = try request.optional(artistGap) ?? rules.artistGap
        rules.albumGap = try request.optional(albumGap) ?? rules.albumGap
        rules.maxTempoJump = try request.optional(maxTempoJump)
        rules.keys = try request.optional(keys) ?? rules.keys
        return rules
    }
}

import Domain
import UseCases

/// What narrows lists of the library, the same for tracks, albums and artists.
enum BrowsingParameters {
    private static let maxGenreLength = SimilarityParameters.maxGenreLength

    static let artistID = Parameter("artist_id", .id, "Only what this artist made.")
    static let genre = Parameter(
        "genre", .text(1...maxGenreLength), "Only what has this genre; case does not count. See `/v1/genres`.")
    static let yearFrom = Parameter("year_from", SimilarityParameters.years, "Only of this year or later.")
    static let yearTo = Parameter("year_to", SimilarityParameters.years, "Only of this year or earlier.")
    static let rootID = Parameter("root_id", .id, "Only what lies in this library root; see `/v1/library/roots`.")
    static let seed = Parameter(
        "seed", Scalar<Int64>.radioSeed,
        "With `sort=random`: the same number makes the same order. Any when absent; the cursor carries it on.")

    static let filters = [
        ParameterSpec(genre), ParameterSpec(yearFrom), ParameterSpec(yearTo), ParameterSpec(rootID),
    ]

    /// Nil where nobody asked for one; refused where there is no chance in the list.
    static func seed(_ request: APIRequest, isRandom: Bool) throws(Problem) -> Int64? {
        let number = try request.optional(seed)
        guard isRandom || number == nil else { throw .badRequest("seed is for sort=random only") }
        return number
    }

    /// Refused where they end before they begin, unless a list goes backwards through them.
    static func years(
        _ request: APIRequest, mayGoBack: Bool = false
    ) throws(Problem) -> (first: Int?, last: Int?) {
        let (first, last) = (try request.optional(yearFrom), try request.optional(yearTo))
        if let first, let last, first > last, !mayGoBack { throw .badRequest("year_from is after year_to") }
        return (first, last)
    }
}

import Contracts
import Domain
import UseCases

/// `{"seeds": […], "minus": […], "filters": {…}, "rules": {…}, …}`: a question that is asked by POST.
enum SimilarityBody {
    private static let seeds = BodyField(
        "seeds", .list(of: Scalar<SimilaritySeed>.seed, max: SimilarityTarget.maxSeeds), isRequired: true,
        "What the answer is to sound like: the mean of these, each of which counts the same.")
    private static let minus = BodyField(
        "minus", .list(of: Scalar<SimilaritySeed>.seed, max: SimilarityTarget.maxSeeds),
        "What it is not to sound like: the mean of these is subtracted.")
    private static let minusWeight = BodyField(
        "minus_weight", .number(0...1), "How much minus counts against seeds, 0 to 1; 0.5 when absent.")
    private static let limit = BodyField(
        "limit", .integer(1...SimilarityRoutes.maxAnswers),
        "How many tracks at most; \(SimilarityRoutes.defaultAnswers) when absent.")
    private static let seed = BodyField(
        "seed", Scalar<Int64>.radioSeed,
        "The same question with the same number gets the same list. Absent: another list each time.")
    private static let cursor = BodyField(
        "cursor", Scalar<RadioPlace>.radioPlace,
        "`next_cursor` of the page before, which carries the seed, too. Absent for the beginning.")

    private static let filters = BodyField(
        "filters", Scalar.object.with(schema: filterMembers.object.json), "Which tracks may be in the answer.")
    private static let rules = BodyField(
        "rules", Scalar.object.with(schema: ruleMembers.object.json), "How the answer is put together.")

    static let similar = BodySpec(
        "SimilarQuestion",
        [.init(seeds), .init(minus), .init(minusWeight), .init(filters), .init(rules), .init(limit)])
    static let radio = BodySpec(
        "RadioQuestion",
        [
            .init(seeds), .init(minus), .init(minusWeight), .init(filters), .init(rules), .init(limit), .init(seed),
            .init(cursor),
        ])

    static func similarQuestion(_ body: Body) throws(Problem) -> SimilarQuestion {
        var question = SimilarQuestion(
            try target(body), limit: try body.optional(limit) ?? SimilarityRoutes.defaultAnswers)
        question.filter = try filter(body)
        question.rules = try rules(body, over: SimilarityRules())
        return question
    }

    /// - Parameter chance: The number of a radio that is given none.
    static func radioQuestion(_ body: Body, chance: Int64) throws(Problem) -> RadioQuestion {
        let number = try body.optional(seed)
        let place = try body.optional(cursor) ?? RadioPlace(seed: number ?? chance)
        guard number ?? place.seed == place.seed else {
            throw .invalid("the cursor belongs to seed \(place.seed), and seed is another one; leave one of them out")
        }
        var question = RadioQuestion(
            try target(body), place: place, limit: try body.optional(limit) ?? SimilarityRoutes.defaultAnswers)
        question.filter = try filter(body)
        question.rules = try rules(body, over: .radio)
        return question
    }

    private static func target(_ body: Body) throws(Problem) -> SimilarityTarget {
        var target = SimilarityTarget(plus: try body.require(seeds))
        guard !target.plus.isEmpty else { throw .invalid("seeds must name at least one track, album or artist") }
        target.minus = try body.optional(minus) ?? []
        target.minusWeight = try body.optional(minusWeight)
        return target
    }

    // MARK: Filters

    private static let folder = BodyField(
        "folder", Scalar<FilePath>.folder, "Only tracks in this folder, a library root say, or below it.")
    private static let genres = BodyField(
        "genres",
        .list(of: Scalar<String>.text(1...SimilarityParameters.maxGenreLength), max: SimilarityParameters.maxIDs),
        "Only tracks of at least one of these genres; case does not count.")
    private static let yearFrom = BodyField(
        "year_from", SimilarityParameters.years, "Only tracks of this year or later.")
    private static let yearTo = BodyField(
        "year_to", SimilarityParameters.years, "Only tracks of this year or earlier.")
    private static let notArtists = BodyField(
        "not_artists", .list(of: Scalar<Int64>.id, max: SimilarityParameters.maxIDs),
        "No tracks that credit one of these artists.")
    private static let exclude = BodyField(
        "exclude", .list(of: Scalar<TrackTrait>.choice, max: TrackTrait.allCases.count),
        "No tracks that their tags call so.")
    private static let filterMembers = BodySpec(
        "SimilarityFilters",
        [.init(folder), .init(genres), .init(yearFrom), .init(yearTo), .init(notArtists), .init(exclude)])

    private static func filter(_ body: Body) throws(Problem) -> SimilarityFilter {
        var filter = SimilarityFilter()
        let members = Body(members: try body.optional(filters) ?? [:], prefix: "filters.")
        try filterMembers.check(members)
        filter.folder = try members.optional(folder)
        filter.genres = try members.optional(genres) ?? []
        filter.yearFrom = try members.optional(yearFrom)
        filter.yearTo = try members.optional(yearTo)
        filter.notArtistIDs = Set(try members.optional(notArtists) ?? [])
        for trait in try members.optional(exclude) ?? [] { filter.excluded.formUnion(trait.traits) }
        return filter
    }

    // MARK: Rules

    private static let duplicates = BodyField(
        "duplicates", Scalar<SimilarityRules.Duplicates>.choice,
        "leave_out, the default: each recording once, and never that of a seed. In a radio: once in a while.")
    private static let maxPerArtist = BodyField(
        "max_per_artist", .integer(1...SimilarityRules.maxCount), "Tracks of one artist at most; not in a radio.")
    private static let maxPerAlbum = BodyField(
        "max_per_album", .integer(1...SimilarityRules.maxCount), "Tracks of one album at most; not in a radio.")
    private static let artistGap = BodyField(
        "artist_gap", .integer(0...SimilarityRules.maxGap),
        "Other tracks between two of one artist, at least. 0 when absent, in a radio \(SimilarityRules.radio.artistGap)."
    )
    private static let albumGap = BodyField(
        "album_gap", .integer(0...SimilarityRules.maxGap),
        "Other tracks between two of one album, at least. 0 when absent, in a radio \(SimilarityRules.radio.albumGap).")
    private static let maxTempoJump = BodyField(
        "max_tempo_jump", .integer(0...SimilarityRules.maxJump),
        "Percent; half and double the tempo count as the same. To a seed, any when absent; in a radio to the track "
            + "before, \(SimilarityRules.radio.maxTempoJump ?? SimilarityRules.maxJump) when absent.")
    private static let keys = BodyField(
        "keys", Scalar<SimilarityRules.Keys>.choice,
        "compatible: only neighbours on the Camelot wheel, of a seed; in a radio of the track before. any when absent.")
    private static let ruleMembers = BodySpec(
        "SimilarityRules",
        [
            .init(duplicates), .init(maxPerArtist), .init(maxPerAlbum), .init(artistGap), .init(albumGap),
            .init(maxTempoJump), .init(keys),
        ])

    private static func rules(_ body: Body, over defaults: SimilarityRules) throws(Problem) -> SimilarityRules {
        var found = defaults
        let members = Body(members: try body.optional(rules) ?? [:], prefix: "rules.")
        try ruleMembers.check(members)
        found.duplicates = try members.optional(duplicates) ?? found.duplicates
        found.maxPerArtist = try members.optional(maxPerArtist)
        found.maxPerAlbum = try members.optional(maxPerAlbum)
        found.artistGap = try members.optional(artistGap) ?? found.artistGap
        found.albumGap = try members.optional(albumGap) ?? found.albumGap
        found.maxTempoJump = try members.optional(maxTempoJump) ?? found.maxTempoJump
        found.keys = try members.optional(keys) ?? found.keys
        return found
    }
}

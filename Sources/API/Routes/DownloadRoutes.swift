import Contracts
import Domain
import HTTPTypes
import UseCases

/// `/v1/downloads`
struct DownloadRoutes: Sendable {
    let services: APIServices

    private static let maxOffers = 100
    /// A day.
    private static let maxDurationMs = 24 * 3_600_000

    private static let words = Parameter(
        "q", .text(1...200), isRequired: true, "Artist - Title, or words that are looked for as they are.")
    private static let limit = Parameter("limit", .integer(1...maxOffers), "How many offers at most; 20 when absent.")
    private static let query = BodyField(
        "query", .text(1...200), "Artist - Title; instead of artist and title.")
    private static let artist = BodyField("artist", .text(1...200), "With title; instead of query.")
    private static let title = BodyField("title", .text(1...200), "With artist; instead of query.")
    private static let album = BodyField("album", .text(1...200), "Of several, the one on this album.")
    private static let duration = BodyField(
        "duration_ms", Scalar<Int>.integer(1...maxDurationMs), "A file of another length is not taken.")
    private static let prefer = BodyField(
        "prefer", Scalar<DownloadPreference>.choice,
        "lossless: those without loss before all others; any (the default): the best as a whole.")
    private static let id = Parameter("id", in: .path, .text(1...64), "The id of the download.")

    var routes: [Route] { [search, begin, list, show, cancel] }

    private var search: Route {
        .json(
            .get, "/v1/downloads/search", "searchDownloads", "Search for music that others share", access: .user,
            parameters: [ParameterSpec(Self.words), ParameterSpec(Self.limit)],
            answer: Shape<DownloadOffer>.offer.page("DownloadOfferPage"),
            "The best offer first. The answer takes as long as the search, up to a minute or so.",
            problems: [.conflict]
        ) { request in
            let question = DownloadDesk.question(try request.require(Self.words))
            let limit = try request.optional(Self.limit) ?? 20
            let desk = try desk()
            do {
                return .whole(Array(try await desk.search(question).prefix(limit)))
            } catch let failure as Failure {
                throw Problem.ofService(failure)
            }
        }.waiting()
    }

    private var begin: Route {
        .json(
            .post, "/v1/downloads", "startDownload", "Get a piece of music that others share", access: .user,
            parameters: [ParameterSpec(.idempotencyKey)],
            body: BodySpec(
                "NewDownload",
                [
                    .init(Self.query), .init(Self.artist), .init(Self.title), .init(Self.album),
                    .init(Self.duration), .init(Self.prefer),
                ]),
            status: .accepted, answer: .acceptedDownload, "The download is queued.",
            location: { "/v1/downloads/\($0.id)" }, problems: [.conflict, .insufficientStorage]
        ) { request in
            let question = try Self.question(request.body)
            return try await desk().store.begin(
                question, try request.body.optional(Self.prefer) ?? .any,
                idempotencyKey: try request.optional(.idempotencyKey))
        }
    }

    private var list: Route {
        .json(
            .get, "/v1/downloads", "listDownloads", "List downloads, newest first", access: .user,
            parameters: .paging, answer: Shape<DownloadRecord>.download.page("DownloadPage"),
            "One page of downloads.", problems: [.conflict]
        ) { request in
            let page = try request.page()
            let store = try desk().store
            return try await Problem.listing { try await store.downloads(page) }
        }
    }

    private var show: Route {
        .json(
            .get, "/v1/downloads/{id}", "getDownload", "Show a download and its progress", access: .user,
            parameters: [ParameterSpec(Self.id)], answer: .download, "The download.", problems: [.conflict]
        ) { try await desk().store.download(id: $0.require(Self.id)) }
    }

    private var cancel: Route {
        .json(
            .delete, "/v1/downloads/{id}", "cancelDownload", "Cancel a download; what was received is thrown away",
            access: .user, parameters: [ParameterSpec(Self.id)], answer: .download, "The download as it is now.",
            problems: [.conflict, .insufficientStorage]
        ) { try await desk().cancel(id: $0.require(Self.id), actor: $0.actor) }
    }

    private func desk() throws(Problem) -> DownloadDesk {
        guard let desk = services.downloads else {
            throw Problem(.conflict, "this server downloads nothing: SILLON_SLSKD_URL is not set")
        }
        return desk
    }

    private static func question(_ body: Body) throws(Problem) -> DownloadQuestion {
        var question: DownloadQuestion
        switch (try body.optional(query), try body.optional(artist), try body.optional(title)) {
        case (let words?, nil, nil): question = DownloadDesk.question(words)
        case (nil, let artist?, let title?): question = DownloadQuestion(artist: artist, title: title)
        default: throw Problem.invalid("give either query, or artist and title")
        }
        question.album = try body.optional(album)
        question.durationMs = try body.optional(duration)
        return question
    }
}

extension Problem {
    /// What a service outside said, to somebody who waits for it.
    static func ofService(_ failure: Failure) -> Problem {
        guard failure.isTransient else { return Problem(.conflict, failure.message) }
        return .tryLater(
            .serviceUnavailable, failure.message, seconds: min(3600, max(1, failure.retryAfterSeconds ?? 10)))
    }
}

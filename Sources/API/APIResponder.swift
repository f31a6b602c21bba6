import Contracts
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Telemetry
import UseCases

/// Where a request came from.
package struct APIContext: InitializableFromSource, Sendable {
    let peer: String
    let client: ClientPresence
    let logger: Logger

    package init(source: ApplicationRequestContextSource) {
        peer = PeerAddress.key(source.channel.remoteAddress)
        client = ClientPresence(channel: source.channel)
        logger = source.logger
    }
}

/// Takes every request through the same steps: host, route, token, role, body, handler, security headers.
package struct APIResponder: HTTPResponder {
    let table: RouteTable
    let hostGuard: HostGuard
    let authenticator: Authenticator
    private let deadline: Deadline
    private let requestLimit: Duration
    let logLevel: Logger.Level?
    let recorder: TraceRecorder?
    let subsonic: SubsonicResponder
    /// What `/openapi.json` answers.
    package let document: JSONValue

    package init(services: APIServices, options: APIOptions) {
        let authenticator = Authenticator(
            tokens: services.tokens, accounts: services.accounts, appPasswords: services.appPasswords,
            clock: services.clock)
        self.authenticator = authenticator
        hostGuard = HostGuard(boundTo: options.host, allowedHosts: options.allowedHosts)
        let deadline = Deadline(maxOverdue: options.maxOverdueRequests)
        self.deadline = deadline
        requestLimit = options.requestLimit
        let streams = StreamSlots(limit: options.maxEventStreams)
        logLevel = options.logLevel
        recorder = options.recorder
        let listening = ListeningDoor(services: services, options: options)
        subsonic = SubsonicResponder(
            services: services, authenticator: authenticator, door: listening, deadline: deadline,
            limit: options.requestLimit)
        let described =
            SystemRoutes(services: services, deadline: deadline, readyLimit: options.readyLimit).routes
            + ScanRoutes(services: services, slots: streams, pace: options.pace).routes
            + LiveRoutes(feed: services.changes, slots: streams, pace: options.pace).routes
            + TaskRoutes(services: services).routes + QueueRoutes(services: services).routes
            + TrackRoutes(services: services).routes + SimilarityRoutes(services: services).routes
            + DuplicateRoutes(services: services).routes
            + SemanticRoutes(services: services).routes + ServiceRoutes(services: services).routes
            + BrowsingRoutes(services: services).routes + SearchRoutes(services: services).routes
            + AlbumRoutes(services: services).routes + CoverRoutes(services: services).routes
            + EnrichmentRoutes(services: services).routes + DownloadRoutes(services: services).routes
            + StreamRoutes(services: services, door: listening).routes
            + MapRoutes(services: services).routes + RootRoutes(services: services).routes
            + TokenRoutes(services: services, authenticator: authenticator).routes
            + AppPasswordRoutes(services: services, authenticator: authenticator).routes
            + AccountRoutes(services: services, authenticator: authenticator).routes
            + PlayRoutes(services: services).routes + NowPlayingRoutes(services: services).routes
            + MarkRoutes(services: services).routes
            + PlaylistRoutes(services: services).routes + PlaylistImportRoutes(services: services).routes
            + PlayQueueRoutes(services: services).routes
            + LyricsRoutes(services: services).routes
            + SignInRoutes(services: services, authenticator: authenticator).routes + MapPage.routes + WebAssets.routes
            + Self.dashboardRoutes(services) + Self.libraryRoutes(services)
            + Self.announcementRoutes(services, options, streams)
            + ConnectionRoutes(services: services).routes
            + SettingsPages(services: services, authenticator: authenticator).routes
            + Self.fleetRoutes(services, options)
        let itself = SystemRoutes.document { [] }
        document = OpenAPIDocument.json(described + [itself], version: services.version)
        let bytes = Shape<JSONValue>.any.json(document)
        table = RouteTable(described + [SystemRoutes.document { bytes }])
    }

    private static func dashboardRoutes(_ services: APIServices) -> [Route] {
        OverviewPage(services: services).routes + ScansPage(services: services).routes
            + TasksPage(services: services).routes + TaskPage(services: services).routes
            + DeadLettersPage(services: services).routes + WorkersPage(services: services).routes
            + ServicesPage(services: services).routes
    }

    private static func libraryRoutes(_ services: APIServices) -> [Route] {
        LibraryPage(services: services).routes + ArtistPage(services: services).routes
            + AlbumPage(services: services).routes + TrackPage(services: services).routes
            + MarkForm(services: services).routes + QueuePage(services: services).routes
            + PlaylistPage(services: services).routes
    }

    /// What was, what happens, and who else is told of it.
    private static func announcementRoutes(
        _ services: APIServices, _ options: APIOptions, _ streams: StreamSlots
    ) -> [Route] {
        let history = services.history.map {
            HistoryRoutes(store: $0, clock: services.clock).routes
                + HistoryPage(store: $0, clock: services.clock).routes
        }
        let events = services.announcements.map { EventRoutes(store: $0, slots: streams, options: options).routes }
        let webhooks = services.webhooks.map {
            WebhookRoutes(desk: $0).routes + WebhookPages(desk: $0, tasks: services.tasks).routes
        }
        return [history, events, webhooks].compactMap(\.self).flatMap(\.self)
    }

    /// None where no worker may come from elsewhere.
    private static func fleetRoutes(_ services: APIServices, _ options: APIOptions) -> [Route] {
        guard let fleet = services.fleet else { return [] }
        let door = FileDoor(
            files: services.files, scans: services.scans, slots: StreamSlots(limit: options.maxDownloads),
            patience: options.listenerPatience)
        return WorkerRoutes(fleet: fleet, tasks: services.tasks).routes
            + LeasedTaskRoutes(fleet: fleet, door: door).routes
    }

    package func respond(to request: Request, context: APIContext) async -> Response {
        let requestID = RequestIdentity.choose(request.headers[RequestIdentity.header])
        if RequestTarget.path(of: request.head.path ?? "").hasPrefix(SubsonicResponder.prefix) {
            return await respondToPlayer(request, requestID, context)
        }
        let arrival = Arrival(
            requestID: requestID, peer: context.peer, client: context.client, logger: context.logger)
        let found = Result { try find(request) }
        let route = try? found.get().route  // what was not found has no route
        let entered = await enter(request, found, arrival)
        guard (try? entered.get()) != nil, let span = span(for: request, by: route, arrival) else {  // refused: no span
            return await respond(to: request, by: route, entered, arrival)
        }
        let response = await span.work.run { await respond(to: request, by: route, entered, arrival) }
        span.setStatus(code: response.status.code)
        span.end()
        return response
    }

    private func respond(
        to request: Request, by route: Route?, _ entered: Result<Entered, any Error>, _ arrival: Arrival
    ) async -> Response {
        let logger = logger(arrival.logger, arrival.requestID)
        var response: Response
        do {
            response = try await answer(request, try entered.get(), arrival, logger)
        } catch {
            let problem = Problem(error)
            log(error, as: problem, request.method, logger)
            let isPage = route?.isPage ?? isForPeople(request)
            response =
                isPage
                ? PageProblem(problem: problem, request: request).response
                : problem.response(requestID: arrival.requestID)
        }
        let label = route.map { HTTPRoute(method: $0.method.rawValue, pattern: $0.pattern.description) }
        count(response, as: label, since: arrival.start)
        tell(response, to: request, by: route?.pattern.description, since: arrival.start, logger)
        response.headers[RequestIdentity.header] = arrival.requestID
        SecurityHeaders.add(to: &response)
        return request.method == .head ? response.headOnly : response
    }

    /// A browser that came by a wrong link.
    private func isForPeople(_ request: Request) -> Bool {
        request.headers[.accept]?.contains("text/html") == true && request.head.path?.hasPrefix("/v1/") != true
    }

    /// When a request came, and from where.
    struct Arrival: Sendable {
        let requestID: String
        let peer: String
        let client: ClientPresence
        let logger: Logger
        let start = ContinuousClock.now
        /// Since the epoch.
        let nanoseconds = TraceRecorder.now
    }

    /// A request that may come in.
    private struct Entered: Sendable {
        let found: Found
        let signedIn: SignedIn?
        /// For the rest; the client may take its time over the body.
        let left: Duration
    }

    /// A request with the route that it leads to.
    private struct Found: Sendable {
        let route: Route
        let variables: [String: String]
        let target: RequestTarget
    }

    private func find(_ request: Request) throws(Problem) -> Found {
        guard hostGuard.allows(request.head.authority) else {
            throw HostGuard.refusal
        }
        let target = try RequestTarget(request.head.path ?? "/")
        let (route, variables) = try find(request.method, target.path)
        return Found(route: route, variables: variables, target: target)
    }

    private func enter(
        _ request: Request, _ found: Result<Found, any Error>, _ arrival: Arrival
    ) async -> Result<Entered, any Error> {
        do {
            let found = try found.get()
            let signedIn = try await inTime(found.route, requestLimit) {
                try await signIn(request, found.route, peer: arrival.peer)
            }
            return .success(
                Entered(
                    found: found, signedIn: signedIn, left: requestLimit - (ContinuousClock.now - arrival.start)))
        } catch {
            return .failure(error)
        }
    }

    private func answer(
        _ request: Request, _ entered: Entered, _ arrival: Arrival, _ logger: Logger
    ) async throws -> Response {
        let (found, signedIn) = (entered.found, entered.signedIn)
        let (route, target) = (found.route, found.target)
        try route.check(query: target.query)
        var body = Body(members: [:])
        if let spec = route.body {
            body = Body(
                members: try await RequestBodyReader.read(request, as: spec.encoding, upTo: route.bodyLimit))
            try spec.check(body)
        }
        try checkSite(request, signedIn, body)
        let known = APIRequest(
            isHead: request.method == .head, variables: found.variables, query: target.query, headers: request.headers,
            body: body, signedIn: signedIn,
            authority: request.head.authority, peer: arrival.peer, client: arrival.client, logger: logger)
        return try await inTime(route, entered.left) { try await route.handle(known) }
    }

    /// Open routes that are only read ask the database nothing, or look to the time themselves.
    private func inTime<Value: Sendable>(
        _ route: Route, _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        guard !route.mayWait, route.access != .open || route.body != nil else { return try await work() }
        return try await deadline.run(within: limit, work)
    }

    private func find(_ method: HTTPRequest.Method, _ path: String) throws(Problem) -> (Route, [String: String]) {
        switch table.match(method, path: path) {
        case .route(let route, let variables): return (route, variables)
        case .notFound: throw .notFound
        case .methodNotAllowed(let allowed):
            let names = allowed.map(\.rawValue).sorted().joined(separator: ", ")
            throw Problem(.methodNotAllowed, "allowed here: \(names)", headers: [.allow: names])
        }
    }

    private func signIn(_ request: Request, _ route: Route, peer: String) async throws -> SignedIn? {
        guard route.access != .open else { return nil }
        let signedIn = try await authenticator.authenticate(request.headers, peer: peer)
        try route.access.check(signedIn.token.role)
        return signedIn
    }

    /// A browser sends its cookie with what other sites make it send, too.
    private func checkSite(_ request: Request, _ signedIn: SignedIn?, _ body: Body) throws(Problem) {
        guard !CrossSiteGuard.isSafe(request.method), let csrf = signedIn?.csrf else { return }
        try CrossSiteGuard.checkOrigin(request.headers, authority: request.head.authority, isStrict: true)
        var given = request.headers[CrossSiteGuard.header]
        if given == nil, case .string(let field)? = body.members[CrossSiteGuard.field] { given = field }
        try CrossSiteGuard.check(given, is: csrf)
    }
}

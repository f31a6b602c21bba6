import Domain
import Foundation
import Logging
import NIOCore
import ServiceLifecycle
import UseCases

/// One life of a server or worker: start, run until a signal comes, stop in time.
struct ServerRun: Sendable {
    let settings: Settings
    let logger: Logger
    /// Nil where no traces are made.
    let traces: TraceService?
    let report: ServiceReport
    /// Called when nothing runs any more, however it ended.
    let close: @Sendable () async -> Void

    init(
        settings: Settings, logger: Logger, traces: TraceService? = nil, report: ServiceReport,
        close: @escaping @Sendable () async -> Void
    ) {
        self.settings = settings
        self.logger = logger
        self.traces = traces
        self.report = report
        self.close = close
    }

    init(services: Services) {
        self.init(
            settings: services.settings, logger: services.logger, traces: services.traces?.service,
            report: services.report
        ) {
            await services.close()
        }
    }

    /// Tasks may finish or are handed back, requests are answered; then the process ends whatever is left.
    private static let stopLimit = Duration.seconds(20)

    /// Returns when a signal has stopped everything. Throws a `CommandError` when something would not start.
    func run(_ members: [any Service]) async throws {
        // Around everything: more time may be needed until the database is closed.
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await report.run() }
            defer { group.cancelAll() }
            try await live(members)
        }
    }

    private func live(_ members: [any Service]) async throws {
        // The first to start and the last to stop: what the others do at the end is told, too.
        let all = (traces.map { [$0] } ?? []) + members
        var configuration = ServiceGroupConfiguration(
            services: all.map { .init(service: $0) }, logger: quietLogger)
        configuration.maximumGracefulShutdownDuration = Self.stopLimit
        let group = ServiceGroup(configuration: configuration)
        let (logger, report) = (logger, report)
        let signals = SignalWatch.stopping {
            logger.notice("Stopping")
            report.stops()
            // Nobody awaits this: it only passes the word on to the group, which is awaited below.
            Task { await group.triggerGracefulShutdown() }
        }
        do {
            try await group.run()
        } catch {
            await close()
            throw Self.explain(error, settings: settings)
        }
        await close()
        withExtendedLifetime(signals) {}
    }

    /// The group tells of every start and stop; only what goes wrong is of interest.
    private var quietLogger: Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .warning)
        return logger
    }

    static func explain(_ error: any Error, settings: Settings) -> any Error {
        let (host, port) = (
            settings.name(of: SettingList.listening.host), settings.name(of: SettingList.listening.port)
        )
        if error is SocketAddressError || error is SocketAddressError.UnknownHost {
            return CommandError.misconfigured("\(host) \(settings.host) is no address and no known name")
        }
        guard let error = error as? IOError else { return error }
        let address = "\(settings.host):\(settings.port)"
        switch error.errnoCode {
        case EADDRINUSE:
            return CommandError.failed("\(address) is in use by another program; choose another port (\(port))")
        case EACCES:
            return CommandError.misconfigured(
                "this user may not listen on \(address); choose a port above 1023 (\(port))")
        case EADDRNOTAVAIL:
            return CommandError.misconfigured("\(settings.host) is no address of this machine (\(host))")
        default:
            return CommandError.failed("cannot listen on \(address): \(String(cString: strerror(error.errnoCode)))")
        }
    }
}

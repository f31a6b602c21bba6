import API
import CoreMetrics
import Hummingbird
import Logging
import NIOCore
import Persistence
import ServiceLifecycle
import Telemetry
import UseCases

/// Turns counting on, once in a process, at the first server or worker in it.
enum MetricsSetup {
    static let registry: MetricsRegistry = {
        let registry = MetricsRegistry()
        MetricsSystem.bootstrap(registry)
        return registry
    }()

    /// What every process tells, whatever it does.
    ///
    /// - Parameter cache: Where a worker without a database keeps files.
    static func page(_ settings: Settings, cache: String? = nil, more: [any MetricsSource] = []) -> MetricsPage {
        let (engine, connectionsMax) =
            switch settings.database {
            case .file: ("sqlite", SQLiteDatabase.Options().readers + 1)
            case .server: ("postgresql", settings.pool.poolSize + settings.pool.overflow)
            }
        Metrics.process.build.set(1, BuildLabel(version: Build.version, engine: cache == nil ? engine : "none"))
        if cache == nil { Metrics.database.connectionsMax.set(Double(connectionsMax)) }
        let folders: [WrittenFolder: String] = cache.map { [.cache: $0] } ?? [.data: settings.dataFolder]
        return MetricsPage(registry: registry, sources: more + [MachineMetrics(folders: folders)])
    }

    /// A listener of its own, where the settings ask for one.
    static func listeners(_ settings: Settings, _ page: MetricsPage, logger: Logger) -> [any Service] {
        settings.metricsAddress.map { address -> [any Service] in
            let name = settings.name(of: SettingList.listening.metrics)
            return [MetricsListener(address: address, name: name, page: page, logger: logger)]
        } ?? []
    }
}

/// Tells numbers to whoever reaches its port.
struct MetricsListener: Service {
    let address: ListenAddress
    /// Who said so, for sentences.
    let name: String
    let page: MetricsPage
    let logger: Logger

    /// Throws a `CommandError` when it cannot listen.
    func run() async throws {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .notice)
        let application = makeMetricsApplication(
            page: page, host: address.host, port: address.port, logger: quiet
        ) { channel in
            logger.notice(
                "Numbers for Prometheus are told",
                metadata: [
                    LogKeys.address: "\(address.host)", LogKeys.port: "\(channel.localAddress?.port ?? address.port)",
                ])
        }
        do {
            try await application.run()
        } catch let error where error is IOError || error is SocketAddressError {
            throw CommandError.misconfigured("\(name): cannot listen on \(address): \(error)")
        }
    }
}

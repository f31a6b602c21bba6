import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// The API as a service: listens while it runs, and finishes open requests when it is told to stop.
package func makeApplication(
    services: APIServices, options: APIOptions, logger: Logger,
    onServerRunning: @escaping @Sendable (any Channel) async -> Void = { _ in }
) -> Application<APIResponder> {
    let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
        maxHeaderFieldSize: SubsonicParameters.maxTargetBytes, maxHeaderListSize: APIOptions.maxHeadBytes,
        maxHeaderFieldCount: APIOptions.maxHeaderFields)
    let version = services.version
    let channel = HTTP1Channel.Configuration(
        additionalChannelHandlers: [HangUpHandler(), FramingProblemInstaller(serverVersion: version)],
        idleTimeout: .seconds(Int64(options.idleTimeoutSeconds)),
        httpDecoderConfiguration: decoder)
    return Application(
        responder: APIResponder(services: services, options: options),
        server: .http1(configuration: channel),
        configuration: ApplicationConfiguration(
            address: .hostname(options.host, port: options.port),
            availableConnectionsDelegate: MaximumAvailableConnections(options.maxConnections, logger: logger)),
        onServerRunning: onServerRunning,
        logger: logger)
}

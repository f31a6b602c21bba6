import ArgumentParser
import Contracts

struct ServicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "services",
        abstract: "Show the services outside: whether they answer, and why not.",
        discussion: """
            A service that fails is left alone for a while, and then one request looks
            whether it is back. blocked: somebody has to do something first, which the
            last error says; after that everything goes on by itself.

            Examples:
              sillon services
              sillon services --json
            """)

    @OptionGroup var options: ClientOptions

    func run() async throws {
        let answer = try await options.client().get("/v1/services")
        if options.json { return try answer.print() }
        let services = try answer.decode(PageView<ServiceView>.self).items
        guard !services.isEmpty else { return try Console.line("No service outside is configured.") }
        try Console.table(ServiceView.table(services))
        for service in services where service.state != "closed" {
            guard let door = service.doors.first(where: { $0.state == service.state }), let error = door.last_error
            else {
                continue
            }
            try Console.line(TextTable.safe("\(service.name): \(error)"))
        }
    }
}

private struct ServiceView: Decodable, Sendable {
    struct Door: Decodable, Sendable {
        var state: String
        var retry_after_seconds: Double?
        var last_error: String?
    }

    var name: String
    var address: String?
    var state: String
    var requests: Int
    var failures: Int
    var quota_used: Double?
    var doors: [Door]

    static func table(_ services: [ServiceView]) -> TextTable {
        var table = TextTable([
            .init("SERVICE"), .init("STATE"), .init("NEXT", .right), .init("REQUESTS", .right),
            .init("FAILED", .right), .init("QUOTA", .right), .init("ADDRESS"),
        ])
        for service in services {
            let wait = service.doors.compactMap(\.retry_after_seconds).max() ?? 0
            table.add([
                service.name, service.state.replacing("_", with: " "),
                wait > 0 ? Readable.duration(seconds: wait) : nil,
                Readable.count(service.requests), Readable.count(service.failures),
                service.quota_used.map { "\(Int(min(max($0 * 100, 0), 999).rounded()))%" }, service.address,
            ])
        }
        return table
    }
}

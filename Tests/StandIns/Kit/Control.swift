/// The path below which a server is read and told, beside what it plays.
///
///     GET|DELETE /__control/journal?since=N    what was received
///     GET|POST|DELETE /__control/faults        {"fault": "status", "status": 429, "retry_after": 1, "times": 3}
///     …                                        and what the service itself knows
enum Control {
    static let root = "__control"

    static func reply(of server: StandInServer, to request: Request) async -> Reply {
        let command = request.segments.dropFirst().first ?? ""
        switch (request.method, command) {
        case ("GET", "journal"): return .json(server.journal.json(since: request.query.int("since") ?? 0))
        case ("DELETE", "journal"):
            server.journal.clear()
            return Reply(status: 204)
        case ("GET", "faults"): return .json(["faults": .array(server.faults.waiting.map(\.json))])
        case ("POST", "faults"): return add(request, to: server)
        case ("DELETE", "faults"):
            server.faults.clear()
            return Reply(status: 204)
        default:
            return await server.service.control(command, request)
                ?? .json(["error": "\(server.name) knows no such command"], status: 404)
        }
    }

    private static func add(_ request: Request, to server: StandInServer) -> Reply {
        guard let json = request.json else { return .json(["error": "no JSON"], status: 400) }
        do {
            server.faults.add(try Fault(json))
            return Reply(status: 204)
        } catch {
            return .json(["error": .string(error.description)], status: 400)
        }
    }
}

/// All servers behind one port, which answers also while one of them is away: `/{service}/…` as below `/__control/`,
/// and `/{service}/away`, `/{service}/back`.
package struct ControlService: StandInService {
    package static let name = "control"
    private let servers: [StandInServer]

    package init(_ servers: [StandInServer]) { self.servers = servers }

    package func reply(to request: Request) async -> Reply {
        guard let name = request.segments.first else {
            let list = servers.map { JSON.Member(name: $0.name, value: .string($0.url)) }
            return .json(.object(list))
        }
        guard let server = servers.first(where: { $0.name == name }) else {
            return .json(["error": "there is no \(name)"], status: 404)
        }
        switch (request.method, request.segments.dropFirst().first) {
        case ("POST", "away"):
            await server.goAway(seconds: request.json?["seconds"]?.double)
            return Reply(status: 204)
        case ("POST", "back"):
            await server.comeBack()
            return Reply(status: 204)
        default:
            let parts = request.target.split(separator: "/", maxSplits: 1)
            let target = "/\(Control.root)/" + (parts.count > 1 ? parts[1] : "")
            return await Control.reply(
                of: server,
                to: Request(method: request.method, target: target, headers: request.headers, body: request.body))
        }
    }
}

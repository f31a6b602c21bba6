import Synchronization

@testable import StandIns

/// A service with a clock that stands still, asked without a network.
struct Bench<Service: StandInService> {
    let service: Service

    /// 2026-01-01 00:00:00 UTC.
    static var now: Int { 1_767_225_600 }

    static var surroundings: Surroundings {
        let count = Mutex(0)
        return Surroundings(
            now: { Double(now) },
            random: { bytes in
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                return String(Digest.md5("\(number)").prefix(bytes * 2))
            })
    }

    func get(_ target: String, headers: [String: String] = [:]) async -> Reply {
        await service.reply(to: Request(method: "GET", target: target, headers: Self.list(headers)))
    }

    func send(
        _ target: String, method: String = "POST", headers: [String: String] = [:], _ body: String = ""
    ) async -> Reply {
        await service.reply(
            to: Request(method: method, target: target, headers: Self.list(headers), body: Array(body.utf8)))
    }

    private static func list(_ headers: [String: String]) -> [Request.Header] {
        headers.map { Request.Header(name: $0.key, value: $0.value) }
    }
}

extension Reply {
    var json: JSON {
        get throws { try JSON(parsing: body) }
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

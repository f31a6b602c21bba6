/// The answers of `/healthz` and `/readyz`.
struct Health: Sendable {
    let status: String
    let version: String
    let checks: [Check]

    struct Check: Sendable {
        let name: String
        let isOK: Bool
        let reason: String?
    }

    var isReady: Bool { checks.allSatisfy(\.isOK) }
}

extension Shape where Value == Health {
    static let alive = Shape.object("Alive") {
        Field("status", .text) { $0.status }
        Field("version", .text) { $0.version }
    }

    static let readiness = Shape.object("Readiness") {
        Field("status", .text, "ready or not_ready.") { $0.status }
        Field("version", .text) { $0.version }
        Field("checks", Shape<Health.Check>.check.list) { $0.checks }
    }
}

extension Shape where Value == Health.Check {
    static let check = Shape.object("Check") {
        Field("name", .text) { $0.name }
        Field("ok", .flag) { $0.isOK }
        Field(optional: "reason", .text, "Why it is not well.") { $0.reason }
    }
}

import Domain
import UseCases

extension Shape where Value == ServiceConnections.Status {
    static let myService = Shape.object("MyService") {
        Field("service", .text) { $0.service.rawValue }
        Field("title", .text, "For people.") { $0.service.title }
        Field(
            "ways", Shape<String>.text.list,
            "How it is connected: token, password, web. None where it is not set up on this server."
        ) { status in SignInWay.allCases.filter(status.ways.contains).map(\.rawValue) }
        Field("connected", .flag) { $0.connection != nil }
        Field(optional: "user_name", .text, "As the service calls one.") { $0.connection?.userName }
        Field(optional: "connected_since", .time) { $0.connection?.connectedAt }
        Field(optional: "problem", .text, "Why nothing is sent until it is connected anew; nothing is lost meanwhile.")
        {
            $0.connection?.problem
        }
        Field(optional: "problem_since", .time) { $0.connection?.problemAt }
        Field("waiting", .count, "Listens that are on their way.") { $0.connection?.waiting ?? 0 }
        Field(optional: "waiting_because", .text, "How the last try to send them ended, where that was in vain.") {
            $0.connection?.waitingBecause
        }
    }
}

struct BegunConnection: Sendable {
    let address: String
    let state: String
}

extension Shape where Value == BegunConnection {
    static let begunConnection = Shape.object("BegunConnection") {
        Field("address", .text, "Where its owner allows it.") { $0.address }
        Field("state", .text, "Comes back with the browser, and goes into PUT.") { $0.state }
    }
}

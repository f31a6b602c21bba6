/// One service outside: what it answers, and nothing of how.
package protocol StandInService: Sendable {
    /// As it is named on the command line and on the control port.
    static var name: String { get }

    func reply(to request: Request) async -> Reply

    /// An error of the service's own, by the number that its documentation gives it; nil where it has no such numbers.
    func refusal(code: Int, to request: Request) -> Reply?

    /// Commands of its own below `/__control/`; nil for what it does not know.
    func control(_ command: String, _ request: Request) async -> Reply?

    /// What happens by itself as time passes.
    func tick() async
}

extension StandInService {
    package func refusal(code: Int, to request: Request) -> Reply? { nil }
    package func control(_ command: String, _ request: Request) async -> Reply? { nil }
    package func tick() async {}
}

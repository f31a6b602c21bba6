import Contracts
import Domain
import Foundation
import Telemetry
import UseCases

/// One result in the body of `POST /v1/results`.
enum ResultBody {
    enum Status: String, CaseIterable, Sendable {
        case completed, failed, released, parked
    }

    private static let maxMessageLength = 10_000
    private static let maxRetrySeconds: Double = 7 * 86400
    private static let maxTraceLength = 256
    private static let maxRuns = Int(Int32.max)

    private static let taskID = BodyField("task_id", Scalar<Int64>.id, isRequired: true, "Which task.")
    private static let lease = BodyField("lease", .token, isRequired: true, "The fencing token that came with it.")
    private static let run = BodyField(
        "run", Scalar<Int>.integer(1...maxRuns), "Which run it was; without it, a repeated result is stale.")
    private static let memory = BodyField(
        "memory_bytes", Scalar<Int64>.id, "The most memory that a child of the worker held for it.")
    private static let status = BodyField(
        "status", Scalar<Status>.choice, isRequired: true,
        "completed with an outcome, failed with a failure, released (unfinished, nothing charged), or parked (the "
            + "payload's version is not known to the worker).")
    private static let trace = BodyField(
        "traceparent", .text(0...maxTraceLength),
        "The span of that run, for what follows from it; one that is none, or of another trace, is ignored.")
    private static let outcome = BodyField("outcome", .object, "As the outcome's contract says.")
    private static let failure = BodyField("failure", .object, "Why it failed.")

    private static let reason = BodyField("reason", .text(1...64), isRequired: true, "")
    private static let message = BodyField("message", .text(0...maxMessageLength), isRequired: true, "")
    private static let retryAfter = BodyField("retry_after_seconds", .number(0...maxRetrySeconds), "")

    private static let spec = BodySpec(
        "Result",
        [
            .init(taskID), .init(lease), .init(run), .init(status), .init(outcome), .init(failure),
            .init(memory), .init(trace),
        ])

    static let scalar = Scalar.object.with(schema: spec.object.json)

    static func settlement(_ body: Body) throws(Problem) -> Settlement {
        try spec.check(body)
        let lease = Lease(taskID: try body.require(taskID), token: try body.require(lease))
        return Settlement(
            lease: lease, result: try result(body), run: try body.optional(run),
            memoryBytes: try body.optional(memory), trace: try body.optional(trace).flatMap { TraceParent($0) })
    }

    private static func result(_ body: Body) throws(Problem) -> Settlement.Result {
        switch try body.require(status) {
        case .released: .released
        case .parked: .parked
        case .failed: .failed(try readFailure(body))
        case .completed: read(try body.optional(outcome) ?? [:])
        }
    }

    /// An outcome that cannot be read spoils its own task, not the batch: it is a failed attempt.
    private static func read(_ outcome: [String: JSONValue]) -> Settlement.Result {
        do {
            let data = Data(Shape<JSONValue>.any.json(.object(outcome)))
            return .completed(try JSONDecoder().decode(OutcomeEnvelope.self, from: data).outcome)
        } catch {
            return .failed(Failure(.internalError, "the outcome cannot be read: \(ContractJSON.explain(error))"))
        }
    }

    /// A reason that only a newer worker knows is an internal error here.
    private static func readFailure(_ body: Body) throws(Problem) -> Failure {
        let members = Body(members: try body.optional(failure) ?? [:], prefix: "\(body.prefix)failure.")
        return Failure(
            Failure.Reason(rawValue: try members.require(reason)) ?? .internalError, try members.require(message),
            retryAfterSeconds: try members.optional(retryAfter))
    }
}

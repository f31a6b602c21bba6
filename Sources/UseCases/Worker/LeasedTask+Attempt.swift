import Contracts
import Domain

extension LeasedTask {
    /// Why an attempt ends before its handler is asked.
    struct Refusal: Error {
        let result: Settlement.Result
    }

    func readPayload() -> Result<TaskPayload, Refusal> {
        if let decoded { return .success(decoded) }
        do throws(TaskPayload.Problem) {
            return .success(try TaskPayload.decode(kind: kind, version: version, json: payload))
        } catch {
            switch error {
            case .versionTooNew: return .failure(Refusal(result: .parked))
            case .malformed(let why): return .failure(Refusal(result: .failed(Failure(.invalidPayload, why))))
            }
        }
    }
}

extension Settlement.Result {
    /// What a handler's end means.
    init(_ result: Result<Outcome, any Error>) {
        self =
            switch result {
            case .success(let outcome): .completed(outcome)
            case .failure(is CancellationError): .released
            case .failure(let failure as Failure): .failed(failure)
            case .failure(let error): .failed(Failure(.internalError, String(describing: error)))
            }
    }
}

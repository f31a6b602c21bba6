import Domain
import Foundation
import Persistence
import UseCases

/// Why a command ends without having done its work. Each case has its own exit code.
enum CommandError: Error, Hashable {
    case failed(String)
    case usage(String)
    /// The server does not answer.
    case unreachable(String)
    case misconfigured(String)
    /// Nobody reads standard output any more (`sillon … | head`).
    case readerGone

    var message: String {
        switch self {
        case .failed(let text), .usage(let text), .unreachable(let text), .misconfigured(let text): text
        case .readerGone: "nobody reads the answer"
        }
    }

    var exitStatus: ExitStatus {
        switch self {
        case .failed: .failed
        case .usage: .usage
        case .unreachable: .unreachable
        case .misconfigured: .misconfigured
        case .readerGone: .readerGone
        }
    }
}

/// What the shell gets (sysexits.h where it has a name for it).
enum ExitStatus: Int32 {
    case done = 0
    case failed = 1
    case usage = 64
    case unreachable = 69
    case misconfigured = 78
    /// What a shell reports for a program that SIGPIPE ended.
    case readerGone = 141
}

extension CommandError {
    /// Any error as a sentence for people: no type names, no addresses in memory.
    init(describing error: any Error) {
        switch error {
        case let error as CommandError: self = error
        case let error as StoreError: self = .failed(error.description)
        case TransferError.otherSchema(let text): self = .misconfigured(text)
        case let error as SchemaError: self = .misconfigured(error.description)
        case let error as PgvectorProblem: self = .misconfigured(error.description)
        case let failure as Failure: self = .failed(failure.message)
        case is CancellationError: self = .failed("interrupted")
        case let error as CocoaError: self = .failed(Self.sentence(error))
        case let error as any CustomStringConvertible: self = .failed(error.description)
        default: self = .failed("an unexpected error: \(error)")
        }
    }

    /// The path and the words of the system, instead of Foundation's dump.
    private static func sentence(_ error: CocoaError) -> String {
        let words = (error.underlying as? POSIXError).map { String(cString: strerror($0.code.rawValue)) }
        return (error.filePath.map { "\($0): " } ?? "") + (words ?? error.localizedDescription)
    }
}

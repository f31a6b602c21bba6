/// The only errors that stores throw: what the caller can do about it, not which driver said what.
package enum StoreError: Error, Hashable, Sendable {
    case notFound(String)
    case conflict(String)
    case preconditionFailed(String)
    /// Busy or out of reach for the moment.
    case retryable(afterSeconds: Double, String)
    /// The disk is full.
    case outOfSpace(String)
    case fatal(String)
}

extension StoreError {
    /// True when the same call may succeed later.
    package var mayPass: Bool {
        switch self {
        case .retryable, .outOfSpace: true
        case .notFound, .conflict, .preconditionFailed, .fatal: false
        }
    }
}

extension StoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notFound(let text), .conflict(let text), .preconditionFailed(let text), .retryable(_, let text),
            .outOfSpace(let text), .fatal(let text):
            text
        }
    }
}

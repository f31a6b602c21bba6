import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix

/// What went wrong on the way, in words.
enum TransportError {
    static func describe(_ error: any Error) -> String {
        switch error {
        case let error as HTTPClientError:
            switch error {
            case .connectTimeout, .deadlineExceeded, .readTimeout: "no answer in time"
            case .remoteConnectionClosed: "the connection was closed"
            default: error.shortDescription
            }
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { describe($0.error) } ?? "nobody knows the name \(error.host)"
        default: "\(error)"
        }
    }
}

/// Why an attempt failed, and what follows from it. The message names the file and is safe to show.
package struct Failure: Error, Hashable, Codable, Sendable {
    package let reason: Reason
    package let message: String
    /// The earliest time for another try that the other side asked for, in seconds.
    package let retryAfterSeconds: Double?

    package init(_ reason: Reason, _ message: String, retryAfterSeconds: Double? = nil) {
        self.reason = reason
        self.message = message
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// A closed set: it labels metrics and groups dead letters.
    package enum Reason: String, Codable, CaseIterable, Sendable {
        // Fatal: trying again cannot help.
        case invalidPayload = "invalid_payload"
        case fileGone = "file_gone"
        case outsideRoot = "outside_root"
        case notAFile = "not_a_file"
        case unreadable = "unreadable"
        case unsupportedFormat = "unsupported_format"
        case corruptFile = "corrupt_file"
        /// The service understood and said no.
        case serviceRefused = "service_refused"
        /// The service does not take the account's key any more: its owner has to connect it anew.
        case signInAgain = "sign_in_again"
        // Transient: tried again with back-off.
        case fileChanged = "file_changed"
        case rootUnavailable = "root_unavailable"
        case ioError = "io_error"
        case parserCrash = "parser_crash"
        case parserTimeout = "parser_timeout"
        case parserMemory = "parser_memory"
        case internalError = "internal_error"
        /// A service outside answered nonsense, or broke off.
        case serviceError = "service_error"
        // Waited for, however long it takes: no attempt is charged.
        /// A service outside is away, or too busy.
        case serviceUnavailable = "service_unavailable"
        // Waited for, too, though waiting alone does not help: somebody has to do something, once for all tasks.
        /// The service has no such model.
        case modelMissing = "model_missing"
        /// The service does not work as it is set up: a key that is not taken, an account, an address that moved.
        case serviceBlocked = "service_blocked"
        // Decided by the queue.
        case crashLoop = "crash_loop"
    }

    /// True when the same attempt may succeed later, and nobody has to do anything for that.
    package var isTransient: Bool {
        switch reason {
        case .invalidPayload, .fileGone, .outsideRoot, .notAFile, .unreadable, .unsupportedFormat, .corruptFile,
            .modelMissing, .serviceBlocked, .serviceRefused, .signInAgain, .crashLoop:
            false
        case .fileChanged, .rootUnavailable, .ioError, .parserCrash, .parserTimeout, .parserMemory, .internalError,
            .serviceError, .serviceUnavailable:
            true
        }
    }

    /// True when the work itself was not tried: it waits for its time without using up an attempt.
    package var isPostponing: Bool { reason == .serviceUnavailable || isBlocking }

    /// True when nothing of the kind can be done before somebody does something: the service is left alone.
    package var isBlocking: Bool { reason == .modelMissing || reason == .serviceBlocked }

    /// Groups failures with one cause: the reason and the message without its digits and quoted names (FNV-1a, 32 bit).
    package var fingerprint: Int {
        var hash: UInt32 = 2_166_136_261
        var insideQuotes = false
        for byte in Array(reason.rawValue.utf8) + [0] + Array(message.utf8) {
            if byte == UInt8(ascii: "\"") { insideQuotes.toggle() }
            if insideQuotes || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { continue }
            hash = (hash ^ UInt32(byte)) &* 16_777_619
        }
        return Int(hash)
    }
}

extension Failure: CustomStringConvertible {
    package var description: String { "\(reason.rawValue): \(message)" }
}

import Dispatch
import Glibc

/// Hears SIGINT and SIGTERM from now on, until it is cancelled; the process does not end by them.
package struct StopSignals {
    private let sources: [any DispatchSourceSignal]

    package init(_ stop: @escaping @Sendable () -> Void) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler(handler: stop)
            source.resume()
            return source
        }
    }

    package func cancel() {
        for source in sources { source.cancel() }
    }
}

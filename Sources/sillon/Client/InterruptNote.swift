import Foundation

/// Ctrl-C while something is only being watched: says what goes on without the watcher, and ends the process.
struct InterruptNote {
    private let source: any DispatchSourceSignal

    init(_ text: String) {
        signal(SIGINT, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler {
            Console.note(text)
            _exit(128 + SIGINT)
        }
        source.resume()
    }

    func end() {
        source.cancel()
        signal(SIGINT, SIG_DFL)
    }
}

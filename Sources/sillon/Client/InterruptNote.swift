import Foundation

/// Ctrl-C while something is only being watched: says what goes on without the watcher, and ends the process.
struct InterruptNote {
    private let watch: SignalWatch

    init(_ text: String) {
        watch = SignalWatch([SIGINT]) { number in
            Console.note(text)
            _exit(128 + number)
        }
    }

    func end() {
        watch.end()
    }
}

import Dispatch
import Glibc

/// Ctrl-C and SIGTERM, heard from the beginning; the process does not end by them.
struct Stop {
    private let sources: [any DispatchSourceSignal]
    private let heard: AsyncStream<Void>

    init() {
        let (heard, teller) = AsyncStream<Void>.makeStream()
        self.heard = heard
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { teller.yield() }
            source.resume()
            return source
        }
    }

    func wait() async {
        for await _ in heard { break }
        sources.forEach { $0.cancel() }
    }
}

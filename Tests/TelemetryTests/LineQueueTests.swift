import Foundation
import Synchronization
import Telemetry
import Testing

@Suite(.timeLimit(.minutes(1))) struct LineQueueTests {
    /// Takes lines while it is open.
    private final class Reader: @unchecked Sendable {
        private let gate = NSCondition()
        private var isOpen = true
        private var lines: [String] = []

        func take(_ line: String) {
            gate.lock()
            defer { gate.unlock() }
            while !isOpen { gate.wait() }
            lines.append(line)
        }

        func set(open: Bool) {
            gate.lock()
            defer { gate.unlock() }
            isOpen = open
            gate.broadcast()
        }

        var taken: [String] {
            gate.lock()
            defer { gate.unlock() }
            return lines
        }
    }

    private func queue(_ reader: Reader, bytesMax: Int = 1000) -> LineQueue {
        LineQueue(bytesMax: bytesMax, write: reader.take) { "dropped \($0)" }
    }

    @Test("Lines come out whole, in order, and all of them before the end")
    func order() {
        let reader = Reader()
        let queue = queue(reader, bytesMax: 1 << 20)
        let lines = (0..<1000).map { "line \($0)" }
        for line in lines { queue.add(line) }
        queue.flush(within: .seconds(30))
        #expect(reader.taken == lines)
    }

    @Test("A reader that stops holds nobody up; what was dropped is counted when it goes on")
    func stopped() {
        let reader = Reader()
        let queue = queue(reader)
        reader.set(open: false)
        let start = ContinuousClock.now
        for number in 0..<1000 { queue.add("line \(number)") }
        queue.flush(within: .milliseconds(50))
        #expect(ContinuousClock.now - start < .seconds(10))
        reader.set(open: true)
        queue.flush(within: .seconds(30))
        queue.add("later")
        queue.flush(within: .seconds(30))
        let taken = reader.taken
        let kept = taken.count { $0.hasPrefix("line ") }
        let dropped = taken.compactMap { $0.hasPrefix("dropped ") ? Int($0.dropFirst(8)) : nil }.reduce(0, +)
        #expect(kept >= 100 && dropped > 0 && kept + dropped == 1000)
        #expect(taken.first == "line 0" && taken.last == "later")
    }

    @Test("With nothing to write, the end is at once")
    func empty() {
        let start = ContinuousClock.now
        queue(Reader()).flush(within: .seconds(30))
        #expect(ContinuousClock.now - start < .seconds(5))
    }
}

import Domain
import Foundation
import TestSupport
import Testing
import UseCases

@testable import Audio

/// What the pool does with its children: start, stop, replace, bound.
@Suite struct MediaHostPoolTests {
    @Test("A child that does not answer is stopped at its limit, and the next file finds another child")
    func overstay() async throws {
        let lab = try MediaLab()
        let file = try lab.tone("a.mp3")
        let processes = HostProcesses { $0.wallSeconds.tags = 10 }
        try await withPool(processes.settings) { pool in
            _ = try await pool.readTags(of: file)
            let frozen = processes.pids
            processes.signal(SIGSTOP)
            let failure = await failureOf { try await pool.readTags(of: file) }
            #expect(failure?.reason == .parserTimeout)
            #expect(failure?.message.contains("/a.mp3\" took longer than 10 s") == true)
            _ = try await pool.readTags(of: file)
            #expect(Set(processes.pids).isDisjoint(with: frozen))
        }
    }

    @Test("A child that is killed while it reads costs the file it was reading")
    func killedInTags() async throws {
        let lab = try MediaLab()
        // Nothing but zeros: the search for the first frame takes many seconds.
        let slow = try lab.sparse("slow.mp3", bytes: 4 << 30)
        let processes = HostProcesses()
        try await withPool(processes.settings) { pool in
            _ = try await pool.readTags(of: try lab.tone("a.mp3"))
            let reading = Task { await failureOf { try await pool.readTags(of: slow) } }
            kill(try #require(try await processes.freeze(reading: slow)), SIGKILL)
            expectKilled(await reading.value, "slow.mp3")
        }
    }

    @Test("Files that wait behind a killed child are not charged")
    func neighboursOfTheKilled() async throws {
        let lab = try MediaLab()
        let good = try lab.tone("a.mp3")
        let slow = try lab.sparse("slow.mp3", bytes: 4 << 30)
        let processes = HostProcesses()
        try await withPool(processes.settings) { pool in
            let reading = Task { await failureOf { try await pool.readTags(of: slow) } }
            let child = try #require(try await processes.freeze(reading: slow))
            let neighbours = (0..<3).map { _ in Task { await failureOf { try await pool.readTags(of: good) } } }
            kill(child, SIGKILL)
            expectKilled(await reading.value, "slow.mp3")
            for neighbour in neighbours { #expect(await neighbour.value == nil) }
        }
    }

    @Test("An attempt learns what its child took, also when the child is killed; tags share theirs")
    func memory() async throws {
        let lab = try MediaLab()
        let file = try lab.tone("a.flac", seconds: 5)
        let processes = HostProcesses()
        try await withPool(processes.settings) { pool in
            let heard = AttemptGauge()
            _ = try await AttemptGauge.$current.withValue(heard) { try await pool.analyze(file) }
            // A child is more than a megabyte and less than what it may take.
            let bytes = try #require(heard.peakMemoryBytes)
            #expect(bytes > 1 << 20 && bytes < Int64(processes.settings.audioMemoryBytes))
            let slow = try lab.sparse("slow.mp3", bytes: 4 << 30)
            let killed = AttemptGauge()
            let reading = Task {
                await AttemptGauge.$current.withValue(killed) {
                    await failureOf { try await pool.contentKey(of: slow) }
                }
            }
            kill(try #require(try await processes.freeze(reading: slow)), SIGKILL)
            expectKilled(await reading.value, "slow.mp3")
            #expect((killed.peakMemoryBytes ?? 0) > 1 << 20)
            let many = AttemptGauge()
            await AttemptGauge.$current.withValue(many) { await pool.readTags(of: [file]) { _, _ in } }
            #expect(many.peakMemoryBytes == nil)
        }
    }

    @Test("A child that is killed while it listens costs the file it was listening to")
    func killedInAudio() async throws {
        let lab = try MediaLab()
        let slow = try lab.sparse("slow.wav", head: Array(Signal(rate: 48_000, channels: [[]]).wav), bytes: 64 << 30)
        let processes = HostProcesses()
        try await withPool(processes.settings) { pool in
            let listening = Task { await failureOf { try await pool.contentKey(of: slow) } }
            kill(try #require(try await processes.freeze(reading: slow)), SIGKILL)
            expectKilled(await listening.value, "slow.wav")
        }
    }

    private func expectKilled(_ failure: Failure?, _ name: String) {
        #expect(failure?.reason == .parserCrash)
        #expect(failure?.message.hasSuffix("/\(name)\" ended with SIGKILL") == true, "\(String(describing: failure))")
    }

    @Test("A child that dies between two files costs none")
    func diedIdle() async throws {
        let lab = try MediaLab()
        let file = try lab.tone("a.mp3")
        let processes = HostProcesses()
        try await withPool(processes.settings) { pool in
            for _ in 0..<5 {
                _ = try await pool.readTags(of: file)
                processes.signal(SIGKILL)
                #expect(try await processes.reach(count: 0))
            }
        }
    }

    @Test("A child without work ends, and the next request starts one")
    func idle() async throws {
        let lab = try MediaLab()
        let file = try lab.tone("a.mp3")
        let processes = HostProcesses { $0.idleSeconds = 0.05 }
        try await withPool(processes.settings) { pool in
            for _ in 0..<3 {
                _ = try await pool.readTags(of: file)
                #expect(try await processes.reach(count: 0))
            }
        }
    }

    @Test("A child that does not end when it should leaves no zombie")
    func zombies() async throws {
        let lab = try MediaLab()
        let file = try lab.tone("a.mp3")
        let processes = HostProcesses { $0.idleSeconds = 1 }
        try await withPool(processes.settings) { pool in
            var frozen: pid_t?
            while frozen == nil {
                _ = try await pool.readTags(of: file)
                // On a busy machine it may have ended already: then there is another one after the next file.
                frozen = try await processes.freeze()
            }
            let child = try #require(frozen)
            #expect(try await processes.isGone(child), "it is \(processes.state(child))")
        }
    }

    @Test("A child that outlives its killing is collected later")
    func lateEnd() async throws {
        var pid: pid_t = 0
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("1000"), nil]
        defer { arguments.forEach { free($0) } }
        try #require(posix_spawnp(&pid, "sleep", nil, nil, &arguments, nil) == 0)
        ChildReaper.shared.adopt(pid)
        kill(pid, SIGKILL)
        #expect(try await HostProcesses().isGone(pid))
    }

    @Test("Cancelling a task that waits for audio work kills the child")
    func cancelAudio() async throws {
        let lab = try MediaLab()
        let file = try lab.tone("a.mp3")
        let processes = HostProcesses()
        try await withPool(processes.settings) { pool in
            _ = try await pool.contentKey(of: file)
            processes.signal(SIGSTOP)
            let work = Task { try await pool.contentKey(of: file) }
            let waiting = Task { try await pool.contentKey(of: file) }
            work.cancel()
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await work.value }
            await #expect(throws: CancellationError.self) { try await waiting.value }
            processes.signal(SIGCONT)
            _ = try await pool.contentKey(of: file)
        }
        #expect(processes.pids.isEmpty)
    }

    @Test("Shutting down ends the children and refuses later requests")
    func shutdown() async throws {
        let lab = try MediaLab()
        let file = try lab.tone("a.mp3")
        let processes = HostProcesses()
        let pool = MediaHostPool(processes.settings)
        _ = try await pool.readTags(of: file)
        _ = try await pool.contentKey(of: file)
        #expect(processes.pids.count == 2)
        processes.signal(SIGSTOP)
        let stuck = Task { try await pool.readTags(of: file) }
        await pool.shutdown()
        #expect(processes.pids.isEmpty)
        await #expect(throws: CancellationError.self) { try await stuck.value }
        await #expect(throws: CancellationError.self) { try await pool.readTags(of: file) }
    }

    @Test("Not more children run than there are slots")
    func slots() async throws {
        let lab = try MediaLab()
        let file = try lab.tone("a.mp3")
        let processes = HostProcesses { $0.tagSlots = 2 }
        let most = try await withPool(processes.settings) { pool in
            await withTaskGroup(of: Int.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        let failure = await failureOf { try await pool.readTags(of: file) }
                        return failure == nil ? processes.pids.count : -1
                    }
                }
                return await group.reduce(into: Set<Int>()) { $0.insert($1) }
            }
        }
        #expect(most.isSubset(of: [1, 2]))
    }

    @Test("A program that cannot be started is said so, for every request")
    func missingExecutable() async throws {
        let lab = try MediaLab()
        let file = try lab.tone("a.mp3")
        var settings = MediaHostSettings()
        settings.executable = "/nowhere/sillon"
        let failure = await failureOf { try await withPool(settings) { try await $0.readTags(of: file) } }
        #expect(failure?.reason == .internalError)
        #expect(failure?.message == "a media host cannot be started: No such file or directory")
    }

    @Test("A program that is no media host does not answer, and that is a crash")
    func wrongExecutable() async throws {
        let lab = try MediaLab()
        let file = try lab.tone("a.mp3")
        for (program, reason) in [("/bin/false", Failure.Reason.parserCrash), ("/bin/echo", .parserCrash)] {
            var settings = MediaHostSettings()
            settings.executable = program
            let failure = await failureOf { try await withPool(settings) { try await $0.readTags(of: file) } }
            #expect(failure?.reason == reason)
        }
    }

    @Test("The child has given up what a parser does not need")
    func sandbox() async throws {
        let lab = try MediaLab()
        let file = try lab.tone("a.mp3")
        let processes = HostProcesses()
        try await withPool(processes.settings) { pool in
            _ = try await pool.contentKey(of: file)
            let child = try #require(processes.pids.first)
            let status = processes.text(child, "status")
            #expect(status.contains("\nNoNewPrivs:\t1\n"))
            // 2 is a filter.
            #expect(status.contains("\nSeccomp:\t2\n"))
            #expect(!status.contains("\nTracerPid:\t1\n"))
            let limits = processes.text(child, "limits").split(separator: "\n").map { $0.split(separator: " ") }
            #expect(limits.contains { $0.starts(with: ["Max", "core", "file", "size", "0", "0"]) })
            #expect(limits.contains { $0.starts(with: ["Max", "file", "size", "0", "0"]) })
            #expect(limits.contains { $0.starts(with: ["Max", "open", "files", "32", "32"]) })
            #expect(limits.contains { $0.starts(with: ["Max", "address", "space"]) && $0[3] != "unlimited" })
            #expect(limits.contains { $0.starts(with: ["Max", "cpu", "time"]) && $0[3] != "unlimited" })
            // Field 19 of stat is the nice value.
            #expect(processes.text(child, "stat").split(separator: " ")[18] == "19")
            // It answers before it has let go of the file.
            try await until("nothing is open but the socket and /dev/null") {
                Set(try FileManager.default.contentsOfDirectory(atPath: "/proc/\(child)/fd")) == ["0", "1", "2"]
            }
        }
    }
}

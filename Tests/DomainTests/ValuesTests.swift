import Domain
import Testing

/// Small values whose names and order are part of the database and of the API.
@Suite struct ValuesTests {
    @Test("Hexadecimal round trip, either case, and refusal of what is none")
    func hex() {
        let bytes = (0...255).map { UInt8($0) }
        #expect(Hex.decode(Hex.encode(bytes)) == bytes)
        #expect(Hex.decode("Ff00") == [255, 0])
        #expect(Hex.decode("") == [])
        for bad in ["f", "0x", "g0", "ＦＦ", " 00"] { #expect(Hex.decode(bad) == nil) }
    }

    @Test("A lower lane is emptied first")
    func priority() {
        #expect(Priority.high < Priority.normal && Priority.normal < Priority.low)
        for priority in Priority.allCases { #expect(Priority(name: priority.name) == priority) }
        #expect(Priority(name: "urgent") == nil)
        #expect(Priority.allCases.allSatisfy { $0.rawValue < Priority.quarantineOffset })
    }

    @Test("The stages of a scan follow each other")
    func stages() {
        #expect(Scan.Stage.index < .analysis && Scan.Stage.analysis < .vector)
    }

    @Test("Every kind of task has a role, a deadline and a version", arguments: TaskKind.allCases)
    func kinds(kind: TaskKind) {
        #expect(kind.deadlineSeconds > 0)
        #expect(kind.currentVersion >= 1)
        #expect(kind.retryPolicy.maxFailures >= 1)
    }

    @Test("Files are unchanged when size and time are, wherever they lie")
    func facts() {
        let facts = FileFacts(size: 1, mtimeNs: 2, inode: 3, device: 4)
        #expect(facts.looksUnchanged(from: FileFacts(size: 1, mtimeNs: 2, inode: 9, device: 9)))
        #expect(!facts.looksUnchanged(from: FileFacts(size: 2, mtimeNs: 2, inode: 3, device: 4)))
        #expect(!facts.looksUnchanged(from: FileFacts(size: 1, mtimeNs: 3, inode: 3, device: 4)))
    }

    @Test(
        "The year comes from the original date, else from the date, else there is none",
        arguments: [
            ("1997-05-21", nil, 1997), ("2001", "1969", 1969), ("2001", "n/a", 2001), (nil, nil, nil), ("97", nil, nil),
            ("", "", nil), ("２００１", nil, nil),
        ] as [(String?, String?, Int?)])
    func year(date: String?, original: String?, expected: Int?) {
        var metadata = TrackMetadata()
        metadata.date = date
        metadata.originalDate = original
        #expect(metadata.year == expected)
    }

    @Test("The tasks of a scan that are left are never fewer than none")
    func tasksLeft() {
        var progress = ScanProgress()
        progress.tasksQueued = 3
        progress.tasksDone = 5
        #expect(progress.tasksLeft == 0)
    }
}

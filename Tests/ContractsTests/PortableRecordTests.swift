import Contracts
import Domain
import Testing

@Suite struct PortableRecordTests {
    private static let key = String(repeating: "0a", count: 32)

    private static func record(_ edit: (inout PortableRecord) -> Void = { _ in }) -> PortableRecord {
        var analysis = AudioAnalysis(
            contentKey: key, version: "ear-3", status: .complete, durationMs: 1, sampleRate: 2, channels: 3)
        analysis.features = [0.1, -3.4e-7]
        analysis.loudnessHistogram = [0, .max]
        var record = PortableRecord(
            contentKey: key, analyses: [analysis],
            vectors: [.init(model: "acoustic-v1", vector: PackedFloats([1, .leastNonzeroMagnitude]))])
        edit(&record)
        return record
    }

    @Test("A record comes back from its line as it was, to the last bit")
    func roundTrip() throws {
        let record = Self.record()
        #expect(try ContractJSON.decode(PortableRecord.self, from: ContractJSON.encode(record)) == record)
        #expect(record.problem(dimensions: ["acoustic-v1": 2, "other": 7]) == nil)
    }

    @Test("Version 1 of the file is read for ever")
    func golden() throws {
        #expect(ContractJSON.encode(PortableHeader()) == "{\"format\":\"sillon-analyses\",\"version\":1}")
        #expect(ContractJSON.encode(PortableEnd(records: 7)) == "{\"end_after_records\":7}")
        let line = """
            {"analyses":[{"channels":2,"content_key":"\(Self.key)","duration_ms":1000,"sample_rate":44100,\
            "status":"truncated","version":"ear-3"}],"content_key":"\(Self.key)",\
            "vectors":[{"model":"m","vector":"AACAPwAAAMA="}]}
            """
        let record = try ContractJSON.decode(PortableRecord.self, from: line)
        #expect(record.vectors == [.init(model: "m", vector: PackedFloats([1, -2]))])
        #expect(record.analyses.first?.status == .truncated)
        #expect(ContractJSON.encode(record) == line)
    }

    private static let bad: [(String, @Sendable (inout PortableRecord) -> Void)] = [
        ("content_key", { $0.contentKey = "0a" }),
        ("content_key", { $0.contentKey = key.uppercased() }),
        ("another content_key", { $0.analyses[0].contentKey = String(repeating: "00", count: 32) }),
        ("no analysis", { $0.analyses = [] }),
        ("version", { $0.analyses[0].version = "" }),
        ("version", { $0.analyses[0].version = "ear\n3" }),
        ("negative", { $0.analyses[0].durationMs = -1 }),
        ("features", { $0.analyses[0].features = [.nan] }),
        ("model", { $0.vectors[0].model = String(repeating: "m", count: 201) }),
        ("no usable numbers", { $0.vectors[0].vector = PackedFloats([]) }),
        ("no usable numbers", { $0.vectors[0].vector = PackedFloats([.infinity, 0]) }),
        ("no usable numbers", { $0.vectors[0].vector = PackedFloats([Float](repeating: 0, count: 4097)) }),
        ("have 2 numbers, this one has 3", { $0.vectors[0].vector = PackedFloats([1, 2, 3]) }),
        ("length 1", { $0.vectors[0].vector = PackedFloats([0.6, 0.9]) }),
        ("more than 100", { $0.vectors = Array(repeating: $0.vectors[0], count: 101) }),
    ]

    @Test("What must not enter a library is named", arguments: 0..<bad.count)
    func problems(number: Int) throws {
        let (words, edit) = Self.bad[number]
        let problem = try #require(Self.record(edit).problem(dimensions: ["acoustic-v1": 2]))
        #expect(problem.contains(words))
    }
}

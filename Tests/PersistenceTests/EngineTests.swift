import Testing

@Suite struct EngineTests {
    @Test("Every engine is there to be tested: ops/test starts PostgreSQL and sets SILLON_TEST_POSTGRES_URL")
    func allEngines() {
        #expect(Engine.available == Engine.allCases)
    }
}

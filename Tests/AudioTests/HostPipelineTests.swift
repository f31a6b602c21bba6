import Testing

@testable import Audio

@Suite struct HostPipelineTests {
    @Test("Only the head of the line is charged for a death; the others are sent again")
    func death() {
        var line = HostPipeline<String>(depthMax: 4)
        line.add(["a", "b", "c"])
        #expect(Array(line.send(nowUs: 1)) == ["a", "b", "c"])
        #expect(line.answered(nowUs: 2) == "a")
        #expect(line.childDied() == "b")
        line.add(["d"])
        #expect(Array(line.send(nowUs: 3)) == ["c", "d"])
        #expect(line.head == "c")
    }

    @Test("A child that retires after an answer charges nobody")
    func retirement() {
        var line = HostPipeline<String>(depthMax: 4)
        line.add(["a", "b"])
        _ = line.send(nowUs: 1)
        #expect(line.answered(nowUs: 2) == "a")
        line.childRetired()
        #expect(line.childDied() == nil)
        #expect(Array(line.send(nowUs: 3)) == ["b"])
    }

    @Test("The time of a request runs from when it is at the head of a running child")
    func time() {
        var line = HostPipeline<String>(depthMax: 4)
        line.add(["a", "b"])
        _ = line.send(nowUs: 10)
        #expect(line.headSinceUs == 10)
        line.add(["c"])
        _ = line.send(nowUs: 20)
        #expect(line.headSinceUs == 10)
        _ = line.answered(nowUs: 30)
        #expect(line.headSinceUs == 30)
        _ = line.childDied()
        _ = line.send(nowUs: 40)
        #expect(line.headSinceUs == 40)
    }

    @Test("An answer that nobody asked for is not taken for one")
    func unasked() {
        var line = HostPipeline<String>(depthMax: 2)
        #expect(line.answered(nowUs: 1) == nil)
        line.add(["a"])
        #expect(line.answered(nowUs: 1) == nil)
        #expect(line.room == 1)
    }
}

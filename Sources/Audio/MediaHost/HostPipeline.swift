/// The line of requests in front of one child. The child answers in order, so only the head can be to blame for what
/// happens to it.
struct HostPipeline<Job> {
    private var jobs: [Job] = []
    private var sentCount = 0
    /// When the head became the head of a running child, in microseconds.
    private(set) var headSinceUs: Int64 = 0
    private let depthMax: Int

    init(depthMax: Int) {
        self.depthMax = depthMax
    }

    var isEmpty: Bool { jobs.isEmpty }
    var isHalfEmpty: Bool { jobs.count <= depthMax / 2 }
    var room: Int { depthMax - jobs.count }
    var head: Job? { jobs.first }

    mutating func add(_ more: [Job]) {
        jobs.append(contentsOf: more)
    }

    /// What the child has not been sent yet; counts as sent from now on.
    mutating func send(nowUs: Int64) -> ArraySlice<Job> {
        if sentCount == 0 { headSinceUs = nowUs }
        defer { sentCount = jobs.count }
        return jobs[sentCount...]
    }

    /// The child answered its head. Nil when it was asked nothing.
    mutating func answered(nowUs: Int64) -> Job? {
        guard sentCount > 0 else { return nil }
        sentCount -= 1
        headSinceUs = nowUs
        return jobs.removeFirst()
    }

    /// The child is gone: its head is charged, the others will be sent to the next child. Nil when it had no work.
    mutating func childDied() -> Job? {
        guard sentCount > 0 else { return nil }
        sentCount = 0
        return jobs.removeFirst()
    }

    /// The child ended on its own account after an answer: nobody is charged.
    mutating func childRetired() {
        sentCount = 0
    }

    mutating func removeAll() -> [Job] {
        defer {
            jobs = []
            sentCount = 0
        }
        return jobs
    }
}

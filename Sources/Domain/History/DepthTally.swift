/// How much waited for one role within some time, by looks now and then. Looks of several observers add up.
package struct DepthTally: Hashable, Sendable {
    package private(set) var looks = 0
    /// Ready tasks of all looks together.
    package private(set) var sum = 0
    /// Ready tasks of the look that saw the most.
    package private(set) var most = 0
    /// Of the oldest ready task that any look saw, in milliseconds.
    package private(set) var oldestMs: Int64 = 0

    package init(looks: Int = 0, sum: Int = 0, most: Int = 0, oldestMs: Int64 = 0) {
        self.looks = looks
        self.sum = sum
        self.most = most
        self.oldestMs = oldestMs
    }

    package init(ready: Int, oldestSeconds: Double) {
        let milliseconds = (max(0, oldestSeconds) * 1000).rounded()
        self.init(looks: 1, sum: ready, most: ready, oldestMs: Int64(exactly: milliseconds) ?? 0)
    }

    package static func += (left: inout DepthTally, right: DepthTally) {
        left.looks += right.looks
        left.sum += right.sum
        left.most = max(left.most, right.most)
        left.oldestMs = max(left.oldestMs, right.oldestMs)
    }

    package var mean: Double { looks > 0 ? Double(sum) / Double(looks) : 0 }
}

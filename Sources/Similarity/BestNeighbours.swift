/// The best of what was offered, in a heap of bounded size whose root is the worst that was kept.
struct BestNeighbours {
    private let limit: Int
    private var heap: [VectorIndex.Neighbour] = []

    init(limit: Int) {
        self.limit = limit
        heap.reserveCapacity(min(limit, 1024))
    }

    /// Scores below this cannot enter any more.
    var worst: Float { heap.count < limit ? -.infinity : heap[0].score }

    mutating func offer(_ id: Int64, _ score: Float) {
        if heap.count < limit {
            heap.append((id, score))
            siftUp(heap.count - 1)
        } else if Self.isWorse(heap[0], (id, score)) {
            heap[0] = (id, score)
            siftDown(0)
        }
    }

    /// Best first.
    func sorted() -> [VectorIndex.Neighbour] {
        heap.sorted { Self.isWorse($1, $0) }
    }

    private static func isWorse(_ a: VectorIndex.Neighbour, _ b: VectorIndex.Neighbour) -> Bool {
        a.score < b.score || (a.score == b.score && a.id > b.id)
    }

    private mutating func siftUp(_ start: Int) {
        var child = start
        while child > 0, Self.isWorse(heap[child], heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func siftDown(_ start: Int) {
        var parent = start
        while true {
            var worst = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && Self.isWorse(heap[child], heap[worst]) {
                worst = child
            }
            guard worst != parent else { return }
            heap.swapAt(parent, worst)
            parent = worst
        }
    }
}

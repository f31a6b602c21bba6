/// A small room: four combs and two all-passes in a row for one channel (Schroeder, 1962).
struct Reverb {
    private var combs: [Comb]
    private var allPasses: [AllPass]

    /// - Parameter spread: samples added to every delay, so that two channels do not sound as one.
    init(spread: Int) {
        combs = [1557, 1617, 1491, 1422].map { Comb(length: $0 + spread) }
        allPasses = [225, 556].map { AllPass(length: $0 + spread) }
    }

    mutating func next(_ input: Float) -> Float {
        var sum: Float = 0
        for index in combs.indices { sum += combs[index].next(input) }
        sum *= 0.25
        for index in allPasses.indices { sum = allPasses[index].next(sum) }
        return sum
    }

    private struct Comb {
        private var line: [Float]
        private var position = 0
        private var damped: Float = 0

        init(length: Int) { line = [Float](repeating: 0, count: length) }

        mutating func next(_ input: Float) -> Float {
            let output = line[position]
            damped = 0.75 * output + 0.25 * damped
            line[position] = input + 0.78 * damped
            position += 1
            if position == line.count { position = 0 }
            return output
        }
    }

    private struct AllPass {
        private var line: [Float]
        private var position = 0

        init(length: Int) { line = [Float](repeating: 0, count: length) }

        mutating func next(_ input: Float) -> Float {
            let delayed = line[position]
            line[position] = input + 0.5 * delayed
            position += 1
            if position == line.count { position = 0 }
            return delayed - input
        }
    }
}

/// Which of many things hang together, pair by pair (union-find with path halving).
package struct Components {
    private var parents: [String: String] = [:]

    package init() {}

    /// The smaller name stands for both.
    package mutating func join(_ one: String, _ other: String) {
        let (first, second) = (root(one), root(other))
        parents[max(first, second)] = min(first, second)
    }

    /// The smallest name among all that hang together with this one; nil when nothing was joined to it.
    package mutating func name(_ member: String) -> String? {
        parents[member] == nil ? nil : root(member)
    }

    private mutating func root(_ member: String) -> String {
        var place = member
        while let parent = parents[place], parent != place {
            let above = parents[parent] ?? parent
            parents[place] = above
            place = above
        }
        parents[place] = place
        return place
    }
}

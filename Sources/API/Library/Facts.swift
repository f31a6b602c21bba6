/// Names and what is known of each: rows of a list of facts.
struct Facts {
    private var rows = HTML()
    private(set) var isEmpty = true

    /// Left out where nothing is known.
    mutating func add(_ name: String, _ text: String?) {
        guard let text, !text.isEmpty else { return }
        add(name, HTML(.bdi) { text })
    }

    mutating func add(_ name: String, _ content: HTML?) {
        guard let content else { return }
        isEmpty = false
        rows = rows + HTML(.dt) { name } + HTML(.dd) { content }
    }

    /// A dash and a reason where there is nothing.
    mutating func add(_ name: String, _ text: String?, or reason: String) {
        add(name, text.map { HTML(text: $0) } ?? HTML(text: "– ") + HTML(.span, .named("hint")) { reason })
    }

    var html: HTML { HTML(.dl, .named("facts")) { rows } }
}

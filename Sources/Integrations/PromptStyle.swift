import UseCases

/// What some models were trained to read in front of a text, by the beginning of the model's name.
enum PromptStyle {
    private struct Style {
        let model: String
        let document: String
        let query: String
    }

    /// From the models' own cards.
    private static let styles = [
        Style(model: "nomic-embed-text", document: "search_document: ", query: "search_query: "),
        Style(model: "embeddinggemma", document: "title: none | text: ", query: "task: search result | query: "),
        Style(
            model: "mxbai-embed-large", document: "",
            query: "Represent this sentence for searching relevant passages: "),
    ]

    static func prompt(_ text: String, as use: TextUse, for model: String) -> String {
        let name = model.split(separator: "/").last.map(String.init) ?? model
        guard let style = styles.first(where: { name.hasPrefix($0.model) }) else { return text }
        return (use == .document ? style.document : style.query) + text
    }
}

import Domain
import UseCases

/// What services outside say, each by its name.
enum OutsideBox {
    private static let maxTags = 12
    private static let maxSimilar = 8

    /// Nothing where nobody was asked.
    static func html(_ findings: [OutsideFinding]) -> HTML {
        findings.reduce(HTML()) { $0 + box($1) }
    }

    private static func box(_ finding: OutsideFinding) -> HTML {
        HTML(.section, .named("box"), .init(.ariaLabel, "From \(finding.source.title)")) {
            HTML(.header) {
                HTML(.h2) { "From \(finding.source.title)" }
                HTML(.span, .named("hint")) {
                    "asked "
                    HTML.time(finding.fetchedAt)
                }
            }
            if let facts = finding.facts { content(facts) } else { HTML(.p) { "It does not know this." } }
        }
    }

    private static func content(_ facts: OutsideFacts) -> HTML {
        paragraphs(facts.summary) + list(facts).html + tags(facts.tags) + similar(facts.similar)
    }

    private static func paragraphs(_ text: String?) -> HTML {
        (text ?? "").split(whereSeparator: \.isNewline).reduce(HTML()) { html, line in
            html + HTML(.p) { HTML(.bdi) { String(line) } }
        }
    }

    private static func list(_ facts: OutsideFacts) -> Facts {
        var list = Facts()
        list.add("Name there", [facts.name, facts.artist].compactMap { $0 }.joined(separator: " – "))
        list.add("Listeners", facts.listeners.map(Amount.count))
        list.add("Plays", facts.plays.map(Amount.count))
        list.add("Length", facts.durationMs.map { Amount.length(milliseconds: $0) })
        list.add("First released", facts.date)
        list.add("Sure to", facts.confidence.map(Amount.percent))
        list.add("Page", facts.url.map { outside($0) })
        return list
    }

    /// What is no address of the web is shown and leads nowhere.
    static func outside(_ address: String, as text: String? = nil) -> HTML {
        guard let target = OutsideAddress(address) else { return HTML(text: address) }
        return HTML(.a, .href(target), .init(.rel, "noreferrer external")) { text ?? address }
    }

    private static func tags(_ tags: [OutsideFacts.Tag]) -> HTML {
        guard !tags.isEmpty else { return HTML() }
        return HTML(.ul, .named("tags"), .init(.ariaLabel, "Tags")) {
            for tag in tags.prefix(maxTags) { HTML(.li) { HTML(.bdi) { tag.name } } }
        }
    }

    private static func similar(_ matches: [OutsideFacts.Match]) -> HTML {
        guard !matches.isEmpty else { return HTML() }
        return HTML(.p) { "Similar, it says: a link searches the library." }
            + HTML(.ul, .named("names")) {
                for match in matches.prefix(maxSimilar) {
                    HTML(.li) {
                        HTML(.a, .href(.search(match.name))) { HTML(.bdi) { match.name } }
                        HTML(.span, .named("hint")) {
                            " "
                            HTML(.bdi) { match.artist ?? "" }
                            " \(Amount.percent(match.match))"
                        }
                    }
                }
            }
    }
}

extension APIServices {
    /// What was said before; nobody is asked for the sake of a page.
    func said(of kind: OutsideSubject.Kind, _ id: Int64) async throws -> [OutsideFinding] {
        try await enrichment?.findings(of: kind, id: id) ?? []
    }
}

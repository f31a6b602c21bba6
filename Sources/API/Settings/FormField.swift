import Contracts

/// What a form of a page holds while somebody fills it in: what was typed, and what was wrong with it.
struct FormState {
    /// By the names of the fields. Passwords are not given back.
    var values: [String: String] = [:]
    /// Nil while nothing is wrong.
    var problem: FormProblem?

    /// What was typed and what was wrong with it.
    init(_ body: Body, _ problem: FormProblem) {
        values = body.members.compactMapValues { if case .string(let text) = $0 { text } else { nil } }
        self.problem = problem
    }

    init(_ values: [String: String] = [:]) {
        self.values = values
    }

    func with(_ problem: FormProblem?) -> FormState {
        var state = self
        state.problem = problem
        return state
    }

    func field(
        _ name: String, _ title: String, _ kind: FormField.Kind = .text(maxLength: 200), form: String,
        hint: String? = nil, isRequired: Bool = true
    ) -> FormField {
        FormField(
            id: "\(form)-\(name)", name: name, title: title, kind: kind, hint: hint, isRequired: isRequired,
            value: values[name] ?? "", problem: problem?.field == name ? problem?.text : nil)
    }
}

/// What is wrong with one field of a form.
struct FormProblem: Error, Hashable {
    let field: String
    /// A sentence.
    let text: String

    init(_ field: String, _ text: String) {
        self.field = field
        self.text = text
    }
}

/// An input with its label, and below it what it takes and what was wrong with what was typed.
struct FormField {
    enum Kind: Hashable {
        case text(maxLength: Int)
        /// A path, a name: nothing that a browser should mend.
        case exact(maxLength: Int)
        case newPassword, currentPassword
        /// The first is chosen where nothing was.
        case choice([Choice])
    }

    struct Choice: Hashable {
        let value: String
        let title: String
    }

    /// Of the whole page.
    let id: String
    let name: String
    let title: String
    let kind: Kind
    let hint: String?
    let isRequired: Bool
    let value: String
    let problem: String?

    var html: HTML {
        HTML(.div, .named("field")) {
            HTML(.label, .init(.for, id)) { title }
            input
            if let problem { HTML(.p, .id("\(id)-problem"), .named("problem")) { problem } }
            if let hint { HTML(.p, .id("\(id)-hint"), .named("hint")) { hint } }
        }
    }

    private var input: HTML {
        if case .choice(let choices) = kind {
            return HTML(.select, attributes) {
                for choice in choices { option(choice) }
            }
        }
        return HTML(.input, attributes + type)
    }

    private var attributes: [HTML.Attribute] {
        var attributes: [HTML.Attribute] = [.id(id), .init(.name, name)]
        if isRequired { attributes.append(.init(.required)) }
        let notes = [problem.map { _ in "\(id)-problem" }, hint.map { _ in "\(id)-hint" }].compactMap { $0 }
        if !notes.isEmpty { attributes.append(.init(.ariaDescribedBy, notes.joined(separator: " "))) }
        if problem != nil { attributes += [.init(.ariaInvalid, "true"), .init(.autofocus)] }
        return attributes
    }

    private var type: [HTML.Attribute] {
        switch kind {
        case .text(let length): [.init(.type, "text"), .init(.value, value), .init(.maxlength, "\(length)")]
        case .exact(let length):
            [
                .init(.type, "text"), .init(.value, value), .init(.maxlength, "\(length)"),
                .init(.autocomplete, "off"), .init(.autocapitalize, "none"), .init(.spellcheck, "false"),
            ]
        case .newPassword: [.init(.type, "password"), .init(.autocomplete, "new-password")]
        case .currentPassword: [.init(.type, "password"), .init(.autocomplete, "current-password")]
        case .choice: []
        }
    }

    private func option(_ choice: Choice) -> HTML {
        choice.value == value
            ? HTML(.option, .init(.value, choice.value), .init(.selected)) { choice.title }
            : HTML(.option, .init(.value, choice.value)) { choice.title }
    }
}

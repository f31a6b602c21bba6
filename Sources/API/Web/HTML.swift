import Telemetry

/// Markup of which every text was escaped on its way in: tags of files cannot become tags of a page.
struct HTML: Hashable, Sendable {
    fileprivate(set) var markup = ""

    init() {}

    /// Characters that move a cursor or turn the direction of writing are shown as escapes.
    init(text: String) {
        markup = HTML.escaped(text)
    }

    init(_ tag: Tag, _ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { HTML() }) {
        self.init(tag, attributes, content: content)
    }

    init(_ tag: Tag, _ attributes: [Attribute], @HTMLBuilder content: () -> HTML = { HTML() }) {
        markup = "<\(tag.rawValue)" + attributes.map(\.markup).joined() + ">"
        if !tag.isVoid { markup += content().markup + "</\(tag.rawValue)>" }
        // For who reads a page in a shell.
        if !tag.isInline { markup += "\n" }
    }

    /// A module of our own; there are no scripts inside pages.
    static func script(_ source: LocalPath) -> HTML {
        var html = HTML()
        html.markup = "<script type=\"module\" src=\"\(escaped(source.text))\"></script>\n"
        return html
    }

    /// The browser goes on at once; in the head.
    static func refresh(to next: Onward) -> HTML {
        var html = HTML()
        html.markup = "<meta http-equiv=\"refresh\" content=\"0; url=\(escaped(next.text))\">\n"
        return html
    }

    var document: String { "<!DOCTYPE html>\n\(markup)" }

    static func + (left: HTML, right: HTML) -> HTML {
        var sum = left
        sum.markup += right.markup
        return sum
    }

    fileprivate static func escaped(_ text: String) -> String {
        // By scalar: a combining mark makes another character of a quote, and browsers see the quote all the same.
        ControlCharacters.escaped(text).unicodeScalars.reduce(into: "") { html, scalar in
            switch scalar {
            case "<": html += "&lt;"
            case ">": html += "&gt;"
            case "&": html += "&amp;"
            case "\"": html += "&quot;"
            case "'": html += "&#39;"
            default: html.unicodeScalars.append(scalar)
            }
        }
    }
}

extension HTML {
    /// Elements whose content is text or elements.
    enum Tag: String, Sendable {
        case a, article, aside, audio, bdi, body, button, canvas, caption, code, dd, details, div, dl, dt, form, h1, h2,
            h3, head
        case header, html, img, input, label, li, link, main, meta, nav, noscript, ol, option, output, p, pre, progress
        case section, figure, figcaption
        case select, span, strong, summary, table, tbody, td, th, thead, time, title, tr, ul
        // Of pictures.
        case svg, path, text, desc

        fileprivate var isVoid: Bool {
            switch self {
            case .input, .link, .meta, .img: true
            default: false
            }
        }

        /// Where a line's end would show as a space.
        fileprivate var isInline: Bool {
            switch self {
            case .a, .bdi, .button, .canvas, .code, .img, .input, .label, .output, .pre, .progress, .span, .strong,
                .time:
                true
            default: false
            }
        }
    }

    /// A name of a closed set with any value; a link leads to this server, or says that it does not. There are no handlers
    /// and no styles.
    struct Attribute: Sendable {
        enum Name: String, Sendable {
            case ariaCurrent = "aria-current"
            case ariaDescribedBy = "aria-describedby"
            case ariaHidden = "aria-hidden"
            case ariaInvalid = "aria-invalid"
            case ariaLabel = "aria-label"
            case ariaLabelledBy = "aria-labelledby"
            case ariaLive = "aria-live"
            case ariaPressed = "aria-pressed"
            case alt, autocapitalize, autocomplete, autofocus, charset, `class`, content, controls, datetime, `for`,
                height
            case dataAccount = "data-account"
            case dataLabel = "data-label"
            case dataPlay = "data-play"
            case dataPlace = "data-place"
            case dataRadio = "data-radio"
            case dataScript = "data-script"
            case dataTitle = "data-title"
            case viewBox, d, x, y
            case textAnchor = "text-anchor"
            case checked, hidden, id, lang, loading, max, maxlength, method, min, name, open, placeholder, preload
            case readonly, rel, required, role, scope
            case selected, spellcheck, step, tabindex, type, value, width
        }

        fileprivate let markup: String

        init(_ name: Name, _ value: String) {
            markup = " \(name.rawValue)=\"\(HTML.escaped(value))\""
        }

        init(_ flag: Name) {
            markup = " \(flag.rawValue)"
        }

        private init(link name: String, _ target: String) {
            markup = " \(name)=\"\(HTML.escaped(target))\""
        }

        static func href(_ target: LocalPath) -> Attribute { Attribute(link: "href", target.text) }
        static func href(_ target: OutsideAddress) -> Attribute { Attribute(link: "href", target.text) }
        static func href(_ target: Onward) -> Attribute { Attribute(link: "href", target.text) }
        static func source(_ target: LocalPath) -> Attribute { Attribute(link: "src", target.text) }
        static func action(_ target: LocalPath) -> Attribute { Attribute(link: "action", target.text) }
        static func named(_ value: String) -> Attribute { Attribute(.class, value) }
        static func id(_ value: String) -> Attribute { Attribute(.id, value) }
    }
}

/// Text and elements, one a line.
@resultBuilder
enum HTMLBuilder {
    static func buildExpression(_ text: String) -> HTML { HTML(text: text) }
    static func buildExpression(_ html: HTML) -> HTML { html }
    static func buildBlock(_ parts: HTML...) -> HTML { parts.reduce(HTML(), +) }
    static func buildOptional(_ part: HTML?) -> HTML { part ?? HTML() }
    static func buildEither(first part: HTML) -> HTML { part }
    static func buildEither(second part: HTML) -> HTML { part }
    static func buildArray(_ parts: [HTML]) -> HTML { parts.reduce(HTML(), +) }
}

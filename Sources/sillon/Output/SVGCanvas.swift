/// Writes an SVG picture, shape by shape. Coordinates in pixels, from the upper left corner.
struct SVGCanvas {
    enum Anchor: String {
        case start, middle, end
    }

    private let width: Double
    private let height: Double
    private var body = ""

    init(width: Double, height: Double) {
        (self.width, self.height) = (width, height)
    }

    var document: String {
        let (w, h) = (Self.number(width), Self.number(height))
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(w) \(h)" width="\(w)" height="\(h)" \
            font-family="'DejaVu Sans', 'Helvetica Neue', Arial, sans-serif">
            <rect width="\(w)" height="\(h)" fill="#ffffff"/>
            \(body)</svg>

            """
    }

    mutating func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: String) {
        let (w, h) = (Self.number(width), Self.number(height))
        body +=
            "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(w)\" height=\"\(h)\" fill=\"\(fill)\"/>\n"
    }

    mutating func area(_ path: String, fill: String) {
        guard !path.isEmpty else { return }
        body += "<path d=\"\(path)\" fill=\"\(fill)\"/>\n"
    }

    mutating func stroke(_ path: String, _ colour: String, width: Double, dashes: String? = nil) {
        guard !path.isEmpty else { return }
        let dashing = dashes.map { " stroke-dasharray=\"\($0)\"" } ?? ""
        body += """
            <path d="\(path)" fill="none" stroke="\(colour)" stroke-width="\(Self.number(width))" \
            stroke-linejoin="round"\(dashing)/>

            """
    }

    mutating func text(
        _ text: String, _ x: Double, _ y: Double, size: Double, colour: String, anchor: Anchor = .start,
        isBold: Bool = false
    ) {
        let weight = isBold ? " font-weight=\"bold\"" : ""
        body += """
            <text x="\(Self.number(x))" y="\(Self.number(y))" font-size="\(Self.number(size))" fill="\(colour)" \
            text-anchor="\(anchor.rawValue)"\(weight)>\(Self.escaped(text))</text>

            """
    }

    /// `x,y`
    static func point(_ x: Double, _ y: Double) -> String { "\(number(x)),\(number(y))" }

    /// At most one decimal: a tenth of a pixel.
    static func number(_ value: Double) -> String {
        let tenths = Int(min(1e9, max(-1e9, value.isFinite ? (value * 10).rounded() : 0)))
        let sign = tenths < 0 ? "-" : ""
        let fraction = tenths.magnitude % 10
        return "\(sign)\(tenths.magnitude / 10)" + (fraction == 0 ? "" : ".\(fraction)")
    }

    /// What XML has no place for becomes the replacement character.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\u{0}"..<"\u{20}", "\u{7F}"..<"\u{A0}", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

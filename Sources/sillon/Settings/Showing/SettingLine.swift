/// A setting in effect, as it may be shown to anybody.
struct SettingLine: Sendable {
    let key: String
    let variable: String
    /// Without what is secret; nil where there is none.
    let value: String?
    let origin: SettingOrigin
}

extension SettingLine: Encodable {
    enum CodingKeys: String, CodingKey {
        case key, variable, value, source, place
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(key, forKey: .key)
        try container.encode(variable, forKey: .variable)
        try container.encode(value, forKey: .value)
        try container.encode(origin.kind, forKey: .source)
        try container.encode(origin.place, forKey: .place)
    }
}

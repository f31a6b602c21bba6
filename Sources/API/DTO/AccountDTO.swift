import Domain

extension Shape where Value == Account {
    static let account = Shape.object("Account") {
        Field("id", .integer) { $0.id }
        Field("name", .text) { $0.name }
        Field("role", .choice) { $0.role }
        Field("has_password", .flag, "False: only tokens open it.") { $0.hasPassword }
        Field("created_at", .time) { $0.createdAt }
        Field(optional: "disabled_at", .time, "Since when nothing of it opens anything; null while it may be used.") {
            $0.disabledAt
        }
    }
}

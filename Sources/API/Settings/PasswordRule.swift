import Domain

/// What pages ask of a new password.
enum PasswordRule {
    /// Of any length: what is too short is said beside the field.
    static let scalar = Scalar<String>.text(0...Account.maxPasswordBytes)
    static let hint = "\(Account.minPasswordCharacters) characters or more."
    /// What password managers are shown beside a password; not read.
    static let userName = BodyField("username", .text(0...Account.maxNameBytes), "Not read.")

    static func read(_ body: Body, _ field: BodyField<String>) throws -> String {
        let password = try body.optional(field) ?? ""
        guard Account.isPassword(password) else {
            throw FormProblem(
                field.name, "A password has \(Account.minPasswordCharacters) characters or more.")
        }
        return password
    }
}

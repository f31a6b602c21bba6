/// Asks before something is done that cannot be taken back.
struct Confirmation {
    let title: String
    let section: SettingsSection
    /// What will happen.
    let sentences: [String]
    /// On the button.
    let act: String
    let action: LocalPath
    let back: LocalPath

    func page(_ request: APIRequest, _ state: FormState = FormState()) -> WebPage {
        request.settingsPage(title, at: section) {
            state.banner
            HTML(.section, .named("box")) {
                for sentence in sentences { HTML(.p) { sentence } }
                HTML(.div, .named("actions")) {
                    request.form(action) { HTML(.button, .init(.type, "submit")) { act } }
                    HTML(.a, .href(back), .named("quiet")) { "Keep it" }
                }
            }
        }
    }
}

import Domain
import Hummingbird
import UseCases

/// How one library root is to be kept up to date, as a form: a choice of usual schedules, and room for any other.
struct UpkeepForm {
    let root: LibraryRootStatus
    /// Nil until it was filled in wrongly.
    let state: FormState?

    enum Switch: String, CaseIterable, Sendable {
        case on, off
    }

    static let watch = BodyField("watch", Scalar<Switch>.choice, isRequired: true, "Look for changes as they happen.")
    static let schedule = BodyField("schedule", .text(0...200), isRequired: true, "When it is scanned by itself.")
    static let other = BodyField("other", .text(0...200), "Any other schedule, in the place of that.")

    private static let maxLength = 40
    private static let usual: [ScanSchedule] = [
        .automatic, .every(minutes: 15), .every(minutes: 60), .every(minutes: 6 * 60), .daily(minute: 3 * 60 + 30),
        .off,
    ]

    static func path(_ id: Int64) -> LocalPath { RootsPage.path(id, "upkeep") }

    /// What was chosen. Throws `FormProblem`.
    static func read(_ body: Body) throws -> RootUpkeep {
        let typed = try body.optional(other)?.trimmingSpaces ?? ""
        guard let wanted = ScanSchedule(typed.isEmpty ? try body.require(schedule) : typed) else {
            throw FormProblem(
                typed.isEmpty ? schedule.name : other.name, "A schedule is \(ScanSchedule.syntax).")
        }
        return RootUpkeep(watches: try body.require(watch) == .on, schedule: wanted)
    }

    func html(_ request: APIRequest) -> HTML {
        let form = "root-\(root.id)"
        let current = FormState([
            Self.watch.name: root.upkeep.watches ? Switch.on.rawValue : Switch.off.rawValue,
            Self.schedule.name: root.upkeep.schedule.description,
        ])
        let shown = state ?? current
        let attributes = state?.problem == nil ? [] : [HTML.Attribute(.open)]
        return HTML(.details, attributes) {
            HTML(.summary, .init(.ariaLabel, "Watch and schedule of \(root.path.display)")) { "Watch and schedule" }
            request.form(Self.path(root.id), class: "card") {
                shown.field(
                    Self.watch.name, "Changes",
                    .choice([
                        .init(value: Switch.on.rawValue, title: "Watch for them"),
                        .init(value: Switch.off.rawValue, title: "Leave them to the scans"),
                    ]), form: form
                ).html
                shown.field(
                    Self.schedule.name, "Scan the whole folder", .choice(choices), form: form,
                    hint: "Automatic is \(ScanSchedule.automaticWords)."
                ).html
                shown.field(
                    Self.other.name, "Or at other times", .exact(maxLength: Self.maxLength), form: form,
                    hint:
                        "In the place of that: every 90m, every 12h, every 7d, daily 04:15. Times of day are those of "
                        + "the server's clock on the wall.",
                    isRequired: false
                ).html
                HTML(.button, .init(.type, "submit")) { "Save" }
            }
        }
    }

    /// The usual ones, and the one that the root has.
    private var choices: [FormField.Choice] {
        let schedules = Self.usual.contains(root.upkeep.schedule) ? Self.usual : [root.upkeep.schedule] + Self.usual
        return schedules.map {
            FormField.Choice(value: $0.description, title: $0 == .automatic ? "Automatic" : $0.words.titled)
        }
    }
}

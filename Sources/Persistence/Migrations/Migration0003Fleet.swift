extension Migration {
    /// Tokens of workers on other devices may be limited to roles; NULL is no limit.
    static let fleet = Migration(version: 3, name: "fleet", sqlite: fleetScript, postgres: fleetScript)

    private static let fleetScript = Script(
        up: ["ALTER TABLE token ADD COLUMN work_roles TEXT"], down: ["ALTER TABLE token DROP COLUMN work_roles"])
}

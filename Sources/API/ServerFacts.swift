import Domain

/// What a server tells administrators of itself. Nothing in it is secret.
package struct ServerFacts: Sendable {
    /// A setting in effect.
    package struct Setting: Hashable, Sendable {
        /// Of the variable.
        package let name: String
        /// Without what is secret; nil where there is none.
        package let value: String?

        package init(_ name: String, _ value: String?) {
            self.name = name
            self.value = value
        }
    }

    /// What this server uses of its own at a service outside.
    package struct Service: Sendable {
        package let id: ServiceID
        /// What for, in a sentence.
        package let purpose: String
        /// Nil where nobody said where it is.
        package let address: Setting
        /// Keys and secrets: the variable that each was read from; one that would be read where there is none.
        package let secrets: [Secret]

        package init(id: ServiceID, purpose: String, address: Setting, secrets: [Secret]) {
            self.id = id
            self.purpose = purpose
            self.address = address
            self.secrets = secrets
        }
    }

    package struct Secret: Hashable, Sendable {
        /// For people: key, secret.
        package let title: String
        package let variable: String
        package let isSet: Bool

        package init(title: String, variable: String, isSet: Bool) {
            self.title = title
            self.variable = variable
            self.isSet = isSet
        }
    }

    /// SQLite or PostgreSQL.
    package let engine: String
    /// The number of the schema's last step.
    package let schema: Int
    package let dataFolder: String
    /// Microseconds since the epoch.
    package let startedAt: Int64
    package let settings: [Setting]
    package let services: [Service]

    package init(
        engine: String, schema: Int, dataFolder: String, startedAt: Int64, settings: [Setting], services: [Service]
    ) {
        self.engine = engine
        self.schema = schema
        self.dataFolder = dataFolder
        self.startedAt = startedAt
        self.settings = settings
        self.services = services
    }
}

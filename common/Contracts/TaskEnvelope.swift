import Domain
import Foundation

/// The outer form of a task as it is submitted: what it is, in which version, and its payload.
package struct TaskEnvelope: Codable, Sendable {
    package var task: String
    package var version: Int
    package var payload: JSONValue

    package init(task: String, version: Int, payload: JSONValue) {
        self.task = task
        self.version = version
        self.payload = payload
    }
}

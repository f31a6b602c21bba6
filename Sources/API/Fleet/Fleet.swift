import UseCases

/// What the routes for workers on other devices need.
package struct Fleet: Sendable {
    package let broker: any TaskBroker & LeaseLookup
    package let files: any LibraryReader

    package init(broker: any TaskBroker & LeaseLookup, files: any LibraryReader) {
        self.broker = broker
        self.files = files
    }
}

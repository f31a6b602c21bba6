import UseCases

/// What the routes for workers on other devices need.
package struct Fleet: Sendable {
    package let broker: any TaskBroker & LeaseLookup

    package init(broker: any TaskBroker & LeaseLookup) {
        self.broker = broker
    }
}

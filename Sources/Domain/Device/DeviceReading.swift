/// What a device said of itself at one moment; nil where it does not tell.
package struct DeviceReading: Hashable, Sendable {
    /// Of the hottest zone.
    package var celsius: Double?
    /// Whether the firmware holds the processor back, because of heat or of too little voltage.
    package var isThrottled: Bool?
    /// Part of the last ten seconds, in percent, in which some process waited for memory (PSI, `some avg10`).
    package var memoryPressure: Double?
    package var isOnBattery: Bool?

    package init(
        celsius: Double? = nil, isThrottled: Bool? = nil, memoryPressure: Double? = nil, isOnBattery: Bool? = nil
    ) {
        self.celsius = celsius
        self.isThrottled = isThrottled
        self.memoryPressure = memoryPressure
        self.isOnBattery = isOnBattery
    }
}

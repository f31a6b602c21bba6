/// The time of day, in microseconds since the epoch. Tests put their own in.
package typealias MicrosecondClock = @Sendable () -> Int64

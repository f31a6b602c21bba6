import Synchronization

/// The faults that wait for requests; the first that meets one is taken.
package final class FaultPlan: Sendable {
    private let faults = Mutex<[Fault]>([])

    package init() {}

    package func add(_ fault: Fault) { faults.withLock { $0.append(fault) } }

    package func clear() { faults.withLock { $0 = [] } }

    package var waiting: [Fault] { faults.withLock { $0 } }

    func take(for request: Request) -> Fault? {
        faults.withLock { faults in
            guard let index = faults.firstIndex(where: { $0.meets(request) }) else { return nil }
            let fault = faults[index]
            guard let times = fault.times else { return fault }
            if times <= 1 { faults.remove(at: index) } else { faults[index].times = times - 1 }
            return times < 1 ? nil : fault
        }
    }
}

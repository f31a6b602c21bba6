import Domain
import Logging
import Telemetry
import UseCases

// What somebody asked for, so that the log tells where work comes from.
extension APIRequest {
    func logStart(of scan: Scan) {
        logger.info(
            "A scan was asked for",
            metadata: [LogKeys.scanID: .string(scan.id), LogKeys.path: .string(scan.path.display)])
    }

    func logRetry(of task: TaskRecord) {
        logger.info(
            "A dead task was put back",
            metadata: [
                LogKeys.taskID: .stringConvertible(task.id), LogKeys.kind: .string(task.kind.rawValue),
                LogKeys.attempt: .stringConvertible(task.runs),
            ])
    }

    func logRetries(_ count: Int) {
        logger.info("Dead tasks were put back", metadata: [LogKeys.count: .stringConvertible(count)])
    }
}

import Foundation

/// What a receiver of spans answered.
package struct ExportReply: Sendable {
    package var status: Int
    /// Seconds, as it asked, but no more than `retryAfterMax`.
    package let retryAfter: Double?
    package var body: [UInt8]

    /// A receiver that asks for hours would silence traces for hours, and the queue holds minutes.
    package static let retryAfterMax: Double = 60

    /// - Parameter retryAfter: the field as it came. Seconds count; a date does not, because the clocks of two devices
    ///   differ: then the pauses grow as they do without it.
    package init(status: Int, retryAfter: String? = nil, body: [UInt8] = []) {
        self.status = status
        self.retryAfter = retryAfter.flatMap(Double.init).flatMap {
            $0.isFinite && $0 >= 0 ? min($0, Self.retryAfterMax) : nil
        }
        self.body = body
    }

    enum Verdict: Hashable {
        /// But for so many spans, which it will not take later either; with what it has to say.
        case accepted(refused: Int, remark: String?)
        /// For good, with this status.
        case refused(Int)
        case tryAgain(afterSeconds: Double?)
    }

    /// By the table of the OTLP specification: four codes may pass, everything else is final.
    var verdict: Verdict {
        switch status {
        case 200..<300: accepted
        case 429, 502, 503, 504: .tryAgain(afterSeconds: retryAfter)
        default: .refused(status)
        }
    }

    private struct Answer: Decodable {
        struct PartialSuccess: Decodable {
            var rejectedSpans: Count?
            /// Also a warning to a batch that was taken whole.
            var errorMessage: String?
        }

        /// 64-bit numbers are texts in protobuf's JSON; some write numbers all the same.
        struct Count: Decodable {
            let value: Int

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let number = try? container.decode(Int.self) {  // else it is a text
                    value = number
                } else {
                    value = Int(try container.decode(String.self)) ?? 0
                }
            }
        }

        var partialSuccess: PartialSuccess?
    }

    private var accepted: Verdict {
        do {
            let partial = try JSONDecoder().decode(Answer.self, from: Data(body)).partialSuccess
            let remark = partial?.errorMessage.flatMap { $0.isEmpty ? nil : $0 }
            return .accepted(refused: max(0, partial?.rejectedSpans?.value ?? 0), remark: remark)
        } catch {
            return .accepted(refused: 0, remark: nil)  // an answer in other words refuses nothing
        }
    }
}

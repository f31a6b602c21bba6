import Foundation

/// What a receiver of spans answered.
package struct ExportReply: Sendable {
    package var status: Int
    /// Seconds, as it asked.
    package var retryAfter: Double?
    package var body: [UInt8]

    package init(status: Int, retryAfter: Double? = nil, body: [UInt8] = []) {
        self.status = status
        self.retryAfter = retryAfter
        self.body = body
    }

    enum Verdict: Hashable {
        /// But for so many spans, which it will not take later either.
        case accepted(refused: Int)
        /// For good, with this status.
        case refused(Int)
        case tryAgain(afterSeconds: Double?)
    }

    /// By the table of the OTLP specification: four codes may pass, everything else is final.
    var verdict: Verdict {
        switch status {
        case 200..<300: .accepted(refused: refusedSpans)
        case 429, 502, 503, 504: .tryAgain(afterSeconds: retryAfter)
        default: .refused(status)
        }
    }

    private struct Answer: Decodable {
        struct PartialSuccess: Decodable {
            var rejectedSpans: Count?
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

    private var refusedSpans: Int {
        do {
            let answer = try JSONDecoder().decode(Answer.self, from: Data(body))
            return max(0, answer.partialSuccess?.rejectedSpans?.value ?? 0)
        } catch {
            return 0  // an answer in other words refuses nothing
        }
    }
}

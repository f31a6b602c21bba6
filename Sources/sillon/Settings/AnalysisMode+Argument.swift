import ArgumentParser
import Domain

extension AnalysisMode: ExpressibleByArgument {
    static let help = ArgumentHelp(
        "How much of a piece is listened to: full, or windows (a third of long pieces, for slow devices). "
            + "(default: $SILLON_ANALYSIS, else full)",
        valueName: "mode")
}

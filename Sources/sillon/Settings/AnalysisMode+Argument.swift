import ArgumentParser
import Domain

extension AnalysisMode: ExpressibleByArgument {}

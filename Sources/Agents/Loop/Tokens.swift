import State

extension RunUsage {
    /// Counts one answer. Providers may say any number: sums stay within 2^40.
    mutating func add(_ usage: TokenUsage) {
        tokensIn = Self.sum(tokensIn, usage.input)
        tokensOut = Self.sum(tokensOut, usage.output)
    }

    var tokens: Int { tokensIn + tokensOut }

    private static func sum(_ left: Int, _ right: Int) -> Int {
        let sum = left.addingReportingOverflow(right)
        return sum.overflow ? 1 << 40 : min(sum.partialValue, 1 << 40)
    }
}

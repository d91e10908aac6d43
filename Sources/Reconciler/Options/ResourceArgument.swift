import Spec

/// One resource, as people write it: agent/market-brief.
enum ResourceArgument {
    static func id(_ text: String) throws -> ResourceID {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[1].isEmpty else {
            throw CommandFailure("\(quoted(text)) is not KIND/NAME, such as agent/market-brief")
        }
        return try KindArgument.kind(parts[0]).id(parts[1])
    }
}

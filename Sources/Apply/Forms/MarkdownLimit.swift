/// How long a Markdown text may get.
package enum MarkdownLimit: Sendable, Hashable {
    /// GitHub refuses comments over 65,536 characters; the rest is for what a workflow adds.
    case comment
    /// What is left of a job summary: GitHub drops one over 1 MiB as a whole.
    case summary(bytes: Int)

    var size: Int {
        switch self {
        case .comment: 60_000
        case .summary(let bytes): bytes
        }
    }

    /// Of comments in UTF-16 code units, which are at least as many as any way to count characters gives.
    func size(of text: String) -> Int {
        switch self {
        case .comment: text.utf16.count
        case .summary: text.utf8.count
        }
    }

    /// As many of the items as fit, in their order.
    func fitting(_ items: [String], in budget: Int) -> ArraySlice<String> {
        var left = budget
        return items.prefix { item in
            left -= size(of: item)
            return left >= 0
        }
    }
}

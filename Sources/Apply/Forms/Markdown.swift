import Values

/// Text from a repository inside GitHub's and GitLab's Markdown: only ever code, where neither markup nor HTML, links,
/// `@mentions` or `#references` are read (fault C71).
enum Markdown {
    /// One line of code; its controls are escaped, and it is cut after a number of scalars.
    static func code(_ text: String, limit: Int = 300) -> String {
        let shown = cut(displayed(text), limit)
        guard !shown.isEmpty else { return "`(empty)`" }
        let fence = String(repeating: "`", count: longestRun(of: "`", in: shown) + 1)
        // One space on each side is taken away again, and keeps backticks at the ends apart from the fence.
        let isPadded = shown.hasPrefix("`") || shown.hasSuffix("`") || shown.hasPrefix(" ") || shown.hasSuffix(" ")
        return isPadded ? "\(fence) \(shown) \(fence)" : "\(fence)\(shown)\(fence)"
    }

    /// Lines of code, coloured as a difference.
    static func block(_ lines: [String]) -> String {
        let shown = lines.map(displayed)
        let longest = shown.map { longestRun(of: "`", in: $0) }.max() ?? 0
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return "\(fence)diff\n\(shown.joined(separator: "\n"))\n\(fence)\n"
    }

    /// Code inside HTML, as in a `<summary>`, where Markdown is not read.
    static func htmlCode(_ text: String, limit: Int = 300) -> String {
        var shown = ""
        for scalar in cut(displayed(text), limit).unicodeScalars {
            switch scalar {
            case "&": shown += "&amp;"
            case "<": shown += "&lt;"
            case ">": shown += "&gt;"
            case "\"": shown += "&quot;"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return "<code>\(shown)</code>"
    }

    static func folded(_ summary: String, _ body: String) -> String {
        "<details><summary>\(summary)</summary>\n\n\(body)\n</details>\n"
    }

    /// The first line of a comment: hidden, and the same for every commit, so that a workflow finds its own comment
    /// again. The directory of the manifests tells several of them apart.
    static func marker(_ word: String, path: String) -> String {
        guard !path.isEmpty, path != "." else { return "<!-- writ-\(word) -->\n" }
        // Two hyphens in a row may end a comment.
        let safe = PercentEncoding.encode(path, keeping: [UInt8(ascii: "/")]).replacing("--", with: "-%2D")
        return "<!-- writ-\(word) \(safe) -->\n"
    }

    /// `1 error`, `2 errors`
    static func count(_ number: Int, _ word: String) -> String {
        number == 1 ? "1 \(word)" : "\(number) \(word)s"
    }

    private static func cut(_ text: String, _ limit: Int) -> String {
        guard let end = text.unicodeScalars.index(text.startIndex, offsetBy: limit, limitedBy: text.endIndex),
            end < text.endIndex
        else { return text }
        return "\(text[..<end])…"
    }

    private static func longestRun(of scalar: Unicode.Scalar, in text: String) -> Int {
        var (longest, run) = (0, 0)
        for each in text.unicodeScalars {
            run = each == scalar ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }
}

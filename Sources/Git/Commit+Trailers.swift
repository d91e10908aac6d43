extension Commit {
    /// The values of `name: value` in the last paragraph of the message, in their order; letter case of the name does
    /// not count. As `git interpret-trailers` writes them; the first line is never one.
    package func trailers(_ name: String) -> [String] {
        let lines = message.split(omittingEmptySubsequences: false) { $0.isNewline }.map { line in
            line.drop { $0.isWhitespace }
        }
        guard let end = lines.lastIndex(where: { !$0.isEmpty }) else { return [] }
        let start = lines[...end].lastIndex { $0.isEmpty }.map { $0 + 1 } ?? 0
        // A message of one paragraph has no trailers: its first line is the summary. Who writes nothing but the trailer means
        // it all the same.
        guard start == end || lines[..<start].contains(where: { !$0.isEmpty }) else { return [] }
        return lines[start...end].compactMap { line in
            guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == name.lowercased() else {
                return nil
            }
            let value = line[line.index(after: colon)...].drop { $0.isWhitespace }
            return String(value.reversed().drop { $0.isWhitespace }.reversed())
        }
    }
}

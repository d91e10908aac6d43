/// Two texts side by side where there is no room for all of them: what both begin and end with gives way to `…`, so that
/// what differs is seen, however far in it stands.
struct Excerpt {
    let before: String
    let after: String

    /// Scalars around what differs.
    private static let context = 24

    /// - Parameter limit: scalars of each; they stay whole where neither has more
    init(_ before: String, _ after: String, limit: Int) {
        let (old, new) = (Array(before.unicodeScalars), Array(after.unicodeScalars))
        guard max(old.count, new.count) > limit else {
            (self.before, self.after) = (before, after)
            return
        }
        let head = zip(old, new).prefix { $0 == $1 }.count
        let rest = min(old.count, new.count) - head
        let tail = zip(old.reversed(), new.reversed()).prefix(rest).prefix { $0 == $1 }.count
        func shown(_ scalars: [Unicode.Scalar]) -> String {
            let quote = scalars.first == "\"" ? 1 : 0
            let start = head > Self.context + quote ? head - Self.context : 0
            let kept = scalars[start..<min(scalars.count, scalars.count - tail + Self.context)].prefix(limit)
            var text = String.UnicodeScalarView()
            if start > 0 {
                text += scalars.prefix(quote)
                text.append("…")
            }
            text += kept
            if start + kept.count < scalars.count { text.append("…") }
            return String(text)
        }
        (self.before, self.after) = (shown(old), shown(new))
    }
}

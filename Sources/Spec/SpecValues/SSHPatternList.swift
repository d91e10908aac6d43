/// A list of patterns as OpenSSH reads them (ssh_config(5), PATTERNS): `*` and `?`, and a `!` before what is refused
/// whatever else fits.
struct SSHPatternList {
    private let patterns: [(isRefusal: Bool, pattern: [UInt8])]

    /// - Parameter text: separated by commas
    init(_ text: String) {
        patterns = text.split(separator: ",").map { part in
            (part.hasPrefix("!"), Array((part.hasPrefix("!") ? part.dropFirst() : part).utf8))
        }
    }

    func allows(_ text: String) -> Bool {
        let text = Array(text.utf8)
        let fitting = patterns.filter { Self.fits($0.pattern, text) }
        return !fitting.isEmpty && !fitting.contains(where: \.isRefusal)
    }

    /// Goes back to the last star alone, so that no pattern takes longer than its length times the text's.
    private static func fits(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
        let (star, one) = (UInt8(ascii: "*"), UInt8(ascii: "?"))
        var (place, read) = (0, 0)
        var back: (place: Int, read: Int)?
        while read < text.count {
            if place < pattern.count, pattern[place] == star {
                back = (place, read)
                place += 1
            } else if place < pattern.count, pattern[place] == one || pattern[place] == text[read] {
                (place, read) = (place + 1, read + 1)
            } else if let last = back {
                (place, read) = (last.place + 1, last.read + 1)
                back = (last.place, last.read + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == star }
    }
}

/// A field of a cron expression: its place, its range, and how its text becomes a set of bits.
enum CronField: Int, CaseIterable {
    case minute, hour, dayOfMonth, month, dayOfWeek

    var name: String {
        switch self {
        case .minute: "minute"
        case .hour: "hour"
        case .dayOfMonth: "day of month"
        case .month: "month"
        case .dayOfWeek: "day of week"
        }
    }

    /// 0 and 7 are both Sunday.
    var range: ClosedRange<Int> {
        switch self {
        case .minute: 0...59
        case .hour: 0...23
        case .dayOfMonth: 1...31
        case .month: 1...12
        case .dayOfWeek: 0...7
        }
    }

    /// Names for the numbers from the range's lower bound on.
    private var names: [String] {
        switch self {
        case .month: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        case .dayOfWeek: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        default: []
        }
    }

    /// The numbers that a field's text stands for, bit n for number n; Sunday is bit 0.
    func mask(of text: Substring) throws(CronError) -> UInt64 {
        var mask: UInt64 = 0
        for term in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard !term.isEmpty else {
                throw error("`\(CronText.shown(text))` has a comma with nothing on one side: remove the comma")
            }
            mask |= try self.mask(ofTerm: term)
        }
        if self == .dayOfWeek, mask & 1 << 7 != 0 { mask = mask & ~(1 << 7) | 1 }
        return mask
    }

    /// `*`, `n` or `n-m`, each with an optional `/step`. `n/step` goes on to the end of the range.
    private func mask(ofTerm term: Substring) throws(CronError) -> UInt64 {
        let slash = term.firstIndex(of: "/")
        let base = term[..<(slash ?? term.endIndex)]
        let step = try slash.map { (slash) throws(CronError) in try self.step(term[term.index(after: slash)...]) }
        var bounds = range
        if base != "*" {
            // A minus sign in front is no range: leave it to `value` to refuse.
            let dash = base.dropFirst().firstIndex(of: "-")
            let lower = try value(base[..<(dash ?? base.endIndex)], of: term)
            var upper = step == nil ? lower : range.upperBound
            if let dash { upper = try value(base[base.index(after: dash)...], of: term) }
            guard lower <= upper else { throw reversed(term, from: lower, to: upper) }
            bounds = lower...upper
        }
        return stride(from: bounds.lowerBound, through: bounds.upperBound, by: step ?? 1)
            .reduce(0) { $0 | 1 << UInt64($1) }
    }

    private func step(_ text: Substring) throws(CronError) -> Int {
        guard let step = CronText.number(text), step > 0 else {
            throw error("`\(CronText.shown(text))` is not a step: write a whole number above 0 after the `/`")
        }
        return step
    }

    private func value(_ text: Substring, of term: Substring) throws(CronError) -> Int {
        if let number = CronText.number(text) {
            guard range.contains(number) else {
                throw error("`\(text)` is out of range: use \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
        let name = text.lowercased()
        if let place = names.firstIndex(of: name) { return range.lowerBound + place }
        if let hint = CronText.foreignSign(in: term.lowercased()) {
            throw error("`\(CronText.shown(term))` is not known here: \(hint)")
        }
        let known = names.isEmpty ? "" : " or a name from \(names[0]) to \(names[names.count - 1])"
        throw error(
            "`\(CronText.shown(term))` is not understood: use *, a number from \(range.lowerBound) to "
                + "\(range.upperBound)\(known), a range n-m, a step /n, or a list with commas")
    }

    private func reversed(_ term: Substring, from lower: Int, to upper: Int) -> CronError {
        // `mon-sun` is `1-0`; the last weekday that is not Sunday again is 6.
        let last = self == .dayOfWeek ? 6 : range.upperBound
        let parts = [(lower, last), (range.lowerBound, upper)].filter { $0.0 <= $0.1 }
            .map { $0 == $1 ? "\($0)" : "\($0)-\($1)" }
        return error(
            "`\(CronText.shown(term))` runs backwards: write it in two parts, \(parts.joined(separator: ","))")
    }

    private func error(_ message: String) -> CronError {
        CronError(message: "\(name): \(message)", field: name)
    }
}

import Values

/// The difference of two plans for people: `-` what is not to be done any more, `+` what would be done too, `~` what
/// would be done in another way.
package struct PlanDifferenceText {
    private static let shown = 50

    private let paint: Paint
    private var lines: [String] = []

    /// - Parameter heading: what was planned then, and what holds now
    package static func render(_ difference: PlanDifference, heading: String, color: Bool) -> String {
        var text = PlanDifferenceText(paint: Paint(isOn: color))
        text.lines.append(displayed(heading))
        text.write(difference)
        return text.lines.joined(separator: "\n") + "\n"
    }

    private init(paint: Paint) {
        self.paint = paint
    }

    private mutating func write(_ difference: PlanDifference) {
        for gone in difference.gone.prefix(Self.shown) {
            let why = gone.isInForce ? "somebody made this change meanwhile" : "this change is not to be made any more"
            lines += ["", head(.red, "-", gone.change, "planned: \(verb(gone.change)); \(why)")]
        }
        more(difference.gone.count, "gone")
        for change in difference.new.prefix(Self.shown) {
            let reason = change["reason"]?.string ?? ""
            lines += ["", head(.green, "+", change, "not planned: \(verb(change)), \(reason)")]
            for field in change["fields"]?.array ?? [] { lines.append("      \(name(field)) = \(values(field))") }
        }
        more(difference.new.count, "new")
        for pair in difference.different.prefix(Self.shown) { write(pair) }
        more(difference.different.count, "different")
    }

    private mutating func write(_ pair: PlanDifference.Different) {
        let (then, now) = (verb(pair.saved), verb(pair.current))
        let what = then == now ? "\(then), in another way" : "planned: \(then); now: \(now)"
        lines += ["", head(.yellow, "~", pair.current, what)]
        let (old, new) = (PlanDifference.byPath(pair.saved), PlanDifference.byPath(pair.current))
        for path in pair.fields {
            guard let field = new[path] ?? old[path] else { continue }
            lines.append("      \(name(field))")
            lines.append("          planned: \(old[path].map(values) ?? "no change")")
            lines.append("          now:     \(new[path].map(values) ?? "no change")")
        }
        guard pair.fields.isEmpty else { return }
        let isSameStart = pair.saved["beforeDigest"] == pair.current["beforeDigest"]
        lines.append(
            isSameStart
                ? "      (values that are not shown)"
                : "      (the same fields, of a resource that somebody changed meanwhile)")
    }

    private mutating func more(_ count: Int, _ word: String) {
        if count > Self.shown { lines += ["", "  and \(count - Self.shown) more that are \(word)"] }
    }

    private func head(_ colour: Paint.Color, _ sign: String, _ change: JSON, _ what: String) -> String {
        let name = "\(change["kind"]?.string ?? "")/\(change["name"]?.string ?? "")"
        return "  " + paint(colour, displayed("\(sign) \(name)")) + paint(.dim, "  # \(displayed(what))")
    }

    private func verb(_ change: JSON) -> String {
        let action = change["action"]?.string ?? ""
        return change["renamedFrom"]?.string.map { "\(action) from \($0)" } ?? action
    }

    private func name(_ field: JSON) -> String {
        if let label = field["label"]?.string { return displayed(label) }
        let tokens = field["path"]?.string.flatMap { JSONPointer($0) }?.tokens ?? []
        return displayed(tokens.joined(separator: "."))
    }

    private func values(_ field: JSON) -> String {
        if field["sensitive"] == true { return "(sensitive)" }
        func text(_ value: JSON?) -> String { value.map { displayed($0.canonicalText) } ?? "(none)" }
        let excerpt = Excerpt(text(field["before"]), text(field["after"]), limit: 120)
        return "\(excerpt.before) -> \(excerpt.after)"
    }
}

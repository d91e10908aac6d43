import Spec
import Values

/// How much one commit may delete. What counts is what was applied before and what the operator says, never the
/// commit that is judged (DESIGN.md rule 9).
package struct Brakes: Sendable {
    private let settings: Settings.Brake?
    private let allowedDeletes: [Int]
    private let unclear: String?

    /// - Parameters:
    ///   - settings: of the applied revision
    ///   - allowedDeletes: numbers of deletions that somebody agreed to, each exactly
    ///   - unclear: what somebody said that agrees to nothing, one clause
    package init(_ settings: Settings.Brake? = nil, allowedDeletes: [Int] = [], unclear: String? = nil) {
        self.settings = settings
        self.allowedDeletes = allowedDeletes
        self.unclear = unclear
    }

    /// Nil where the deletions are few.
    func finding(of changes: [PlannedChange], _ totals: CatalogTotals) -> BrakeFinding? {
        let deleted = changes.filter { $0.action == .delete }.compactMap(\.before)
        guard let first = deleted.first else { return nil }
        var reasons: [String] = []
        for (kind, gone) in Dictionary(grouping: deleted, by: \.id.kind).sorted(by: { $0.key < $1.key }) {
            let count = totals.counts[kind] ?? gone.count
            if gone.count == count {
                reasons.append(count == 1 ? "the only \(kind)" : "all \(count) of kind \(kind)")
            } else if gone.count > limits.deletes, gone.count * 100 > count * limits.percent {
                reasons.append("\(gone.count) of \(count) of kind \(kind)")
            } else if kind == .trigger, totals.enabledTriggers > 0,
                gone.count(where: { !$0.isSuspended }) == totals.enabledTriggers
            {
                let enabled = totals.enabledTriggers
                reasons.append(
                    enabled == 1
                        ? "the only trigger that is not suspended" : "all \(enabled) triggers that are not suspended")
            }
        }
        guard !reasons.isEmpty else { return nil }
        return BrakeFinding(
            deletes: deleted.count, reasons: reasons, resources: deleted.map(\.id),
            isReleased: allowedDeletes.contains(deleted.count), agreed: allowedDeletes, unclear: unclear,
            place: first.place)
    }

    private var limits: Limits { Limits(settings) }

    /// What goes without a word.
    struct Limits {
        let deletes: Int
        let percent: Int

        init(_ settings: Settings.Brake?) {
            deletes = settings?.deletes?.value ?? 5
            percent = settings?.percent?.value ?? 30
        }
    }
}

/// That a plan deletes more than goes without a word.
package struct BrakeFinding: Sendable {
    /// All deletions of the plan.
    package let deletes: Int
    /// `6 of 10 of kind Agent`
    package let reasons: [String]
    package let resources: [ResourceID]
    /// Somebody agreed to exactly this number.
    package let isReleased: Bool
    /// The numbers that somebody agreed to.
    let agreed: [Int]
    /// What somebody said that agrees to nothing.
    let unclear: String?
    let place: Place

    /// The trailer of a commit's message that says the same as `--allow-deletes`.
    package static let trailer = "Writ-Allow-Deletes"

    package var diagnostic: Diagnostic {
        let names = resources.prefix(20).map(\.description).joined(separator: ", ")
        let more = resources.count > 20 ? " and \(resources.count - 20) more" : ""
        return Diagnostic(
            .error, .brake,
            "this commit deletes \(reasons.joined(separator: ", ")); \(deletes) in all: \(names)\(more)\(doubt)",
            at: place,
            fix: "if that is meant, push a commit whose message ends with `\(Self.trailer): \(deletes)`\(otherNumber)"
                + " (`git commit --allow-empty` will do), or, where no `writ serve` runs, say"
                + " `writ apply --allow-deletes \(deletes)`")
    }

    /// Below a plan.
    var text: String {
        let what = "deletes \(reasons.joined(separator: ", "))"
        return isReleased
            ? "It \(what), as somebody agreed to."
            : "It \(what): applying needs --allow-deletes \(deletes), or `\(Self.trailer): \(deletes)` in the commit"
                + "\(otherNumber)\(doubt)."
    }

    private var doubt: String { unclear.map { "; \($0)" } ?? "" }

    /// The number has to be exact.
    private var otherNumber: String {
        agreed.isEmpty ? "" : ", not \(agreed.prefix(5).map(String.init).joined(separator: " or "))"
    }

    var json: JSON {
        [
            "deletes": .number(JSONNumber(deletes)), "reasons": .array(reasons.map(JSON.string)),
            "released": .bool(isReleased),
        ]
    }
}

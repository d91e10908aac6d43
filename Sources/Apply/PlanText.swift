import Spec
import State
import Synchronization
import Values

/// A plan for people, in the style they know: `+` what comes, `~` what changes, `-` what goes.
package struct PlanText {
    private let paint: Paint
    private var lines = LineBuffer()
    /// Those before them.
    private var pieces: [[UInt8]] = []
    /// Files whose edit is shown once, below the changes.
    private var sharedFiles: Set<FileEdit> = []
    /// Where resources are created.
    private var creations: CreationWriter?
    /// The changes must be found below them.
    private static let warningsShown = 50
    private static let movesShown = 20
    private static let forecastsShown = 10
    /// Characters of a value that is shown whole, and of a longer one as much as is shown.
    static let valueLimit = 120
    static let valueShown = 110

    package static func render(_ plan: Plan, color: Bool) -> String {
        pieces(of: plan, color: color).map { String(decoding: $0, as: UTF8.self) }.joined()
    }

    /// The same in pieces, as bytes.
    ///
    /// - Parameters:
    ///   - spread: how changes are written at the same time
    ///   - texts: of the catalog that the plan leads to, where they are being written
    package static func pieces(
        of plan: Plan, color: Bool, spread: Spread = .here, texts: CreationTexts? = nil
    ) -> [[UInt8]] {
        var text = PlanText(paint: Paint(isOn: color))
        // Where everything is created, the changes are the resources in their order.
        let isAllCreated = !color && plan.count(.create) == plan.changes.count && texts?.count == plan.changes.count
        text.write(plan, spread, isAllCreated ? texts : nil)
        return text.pieces + [text.lines.bytes]
    }

    private init(paint: Paint) {
        self.paint = paint
    }

    private mutating func write(_ plan: Plan, _ spread: Spread, _ texts: CreationTexts?) {
        let warnings = plan.allWarnings
        for warning in warnings.prefix(Self.warningsShown) { lines.append(paint(.yellow, warning.text)) }
        let more = warnings.count - Self.warningsShown
        if more > 0 { lines.append(paint(.yellow, "… and \(more) more warnings: `-o json` has them all")) }
        if !warnings.isEmpty { lines.append("") }
        for error in plan.errors { lines.append(paint(.red, error.text)) }
        if !plan.errors.isEmpty { lines.append("") }
        write(plan.stale)
        if plan.isEmpty {
            let none = plan.settingsChange == nil ? "No changes" : "No changes of resources"
            lines.append(
                !plan.isPartial
                    ? "\(none): \(basis(plan)) is what \(source(plan)) says\(moved(plan))."
                    : "Nothing else changes: \(basis(plan)) stays, as \(source(plan)) is broken there\(moved(plan)).")
            write(plan.moves)
            write(plan.settingsChange)
            write(plan.notes)
            writeRefusals(plan)
            return
        }
        let aim = plan.undoes.map { "undo \($0)" } ?? "make \(source(plan)) the truth"
        lines.append("Writ would \(aim), from \(basis(plan)):")
        sharedFiles = plan.impact?.sharedFiles ?? []
        if plan.count(.create) > 0, !paint.isOn { creations = CreationWriter() }
        let begun = begun
        let digest = Mutex("")
        let written = spread.map(
            plan.changes[...], by: CreationTexts.size, beside: { digest.withLock { $0 = plan.digest.text } }
        ) { changes in
            var text = begun
            let written = texts?[changes.startIndex / CreationTexts.size]
            for (place, change) in changes.enumerated() {
                text.lines.append("")
                text.write(change, written?[place, change.after])
            }
            return text.lines.bytes
        }
        pieces += [lines.bytes] + written
        lines = LineBuffer()
        if !plan.moves.isEmpty { lines.append("") }
        write(plan.moves)
        write(plan.settingsChange)
        if let impact = plan.impact {
            write(impact.sections)
        } else if !plan.forecasts.isEmpty {
            lines.append("")
            for forecast in plan.forecasts.prefix(Self.forecastsShown) {
                lines.append("  Trigger/\(forecast.trigger) fires next \(forecast.times.joined(separator: ", "))")
            }
            let more = plan.forecasts.count - Self.forecastsShown
            if more > 0 { lines.append("  and \(more) more") }
        }
        write(plan.notes)
        lines.append("")
        lines.append(Self.summary(plan))
        if let brake = plan.brake { lines.append(paint(brake.isReleased ? .yellow : .red, displayed(brake.text))) }
        writeRefusals(plan)
        lines.append("As of \(plan.asOf.rfc3339), plan \(digest.withLock { $0 })")
    }

    /// The same without its lines.
    private var begun: PlanText {
        var text = PlanText(paint: paint)
        text.sharedFiles = sharedFiles
        text.creations = creations
        return text
    }

    private mutating func write(_ settings: SettingsChange?) {
        guard let settings else { return }
        lines += ["", paint(.bold, "Settings (\(displayed(settings.path))):")]
        let width = min(40, settings.fields.map { Self.width(name($0)) }.max() ?? 0)
        for field in settings.fields { write(field, .update, width, of: nil) }
    }

    /// Why it would not be applied, whatever else it says.
    private mutating func writeRefusals(_ plan: Plan) {
        let count = plan.problems.count
        if let first = plan.problems.first {
            let more = count > 1 ? " and \(count - 1) more, above" : ""
            lines.append(paint(.red, displayed("It will not be applied: \(first.message)\(more).")))
        }
        if let hindrance = plan.hindrance {
            lines.append(paint(.red, displayed("It would not be applied: \(hindrance)")))
        }
    }

    private mutating func write(_ stale: [StaleResource]) {
        guard !stale.isEmpty else { return }
        for resource in stale { lines.append(paint(.yellow, "  ! \(resource.summary)")) }
        lines.append("")
    }

    private mutating func write(_ moves: [PlannedMove]) {
        for move in moves.prefix(Self.movesShown) { lines.append(paint(.dim, "  > \(displayed(move.text))")) }
        let more = moves.count - Self.movesShown
        if more > 0 { lines.append(paint(.dim, "  > … and \(more) more in other files")) }
    }

    private mutating func write(_ sections: [ImpactSection]) {
        for section in sections {
            lines += ["", paint(.bold, "\(section.title):")]
            lines += section.lines.map { line in
                line.allSatisfy { $0 == " " } ? "" : "  \(displayed(line))"
            }
        }
    }

    /// `Plan: 2 to create, 1 to update, 0 to delete; 4 unchanged.`
    package static func summary(_ plan: Plan) -> String {
        let moved = plan.moves.isEmpty ? "" : " (\(plan.moves.count) in another file)"
        let renamed = plan.count(.rename) == 0 ? "" : "\(plan.count(.rename)) to rename, "
        let settings = plan.settingsChange.map { "; \($0.summary)" } ?? ""
        let replaced = plan.count(.replace) == 0 ? "" : "\(plan.count(.replace)) to replace, "
        return "Plan: \(plan.count(.create)) to create, \(plan.count(.update)) to update, \(replaced)\(renamed)"
            + "\(plan.count(.delete)) to delete; \(plan.unchanged) unchanged\(moved)\(settings)."
    }

    private func source(_ plan: Plan) -> String {
        plan.commit.map { "commit \($0.prefix(12))" } ?? "the working tree"
    }

    private func basis(_ plan: Plan) -> String {
        if plan.basis.revision == 0 { return plan.basis.commit.map { "commit \($0.prefix(12))" } ?? "nothing" }
        let commit = plan.basis.commit.map { " (\($0.prefix(12)))" } ?? ""
        return "revision \(plan.basis.revision)\(commit)"
    }

    private func moved(_ plan: Plan) -> String {
        let count = plan.moves.count
        let areTexts = plan.moves.allSatisfy { $0.from.path == $0.to.path }
        return switch count {
        case 0: ""
        case 1: "; 1 of its resources \(areTexts ? "has a text" : "stands") in another file"
        default: "; \(count) of its resources \(areTexts ? "have texts" : "stand") in another file"
        }
    }

    /// - Parameter created: what it says, where that was written already
    private mutating func write(_ change: PlannedChange, _ created: ArraySlice<UInt8>?) {
        let (sign, colour): (String, Paint.Color) =
            switch change.action {
            case .create: ("+", .green)
            case .update: ("~", .yellow)
            case .delete: ("-", .red)
            case .rename: ("~", .yellow)
            case .replace: ("-/+", .red)
            }
        let place = change.action == .delete ? "" : change.place.map { "  \(displayed($0.description))" } ?? ""
        let title = change.formerID.map { "\($0) -> \(change.id)" } ?? "\(change.id)"
        lines.append(
            "  " + paint(colour, "\(sign) \(title)") + paint(.dim, "\(place)  # \(displayed(change.reason))"))
        if let created { return lines.append(created) }
        if change.action == .create, let resource = change.after, creations?.write(resource, to: &lines) == true {
            return
        }
        let fields = change.fields
        let width = min(40, fields.map { Self.width(name($0)) }.max() ?? 0)
        for field in fields {
            if let file = change.sharedFile(of: field, among: sharedFiles) {
                lines.append(
                    "      " + paint(.yellow, "~ \(name(field))") + " = (the edit of \(displayed(file)), below)")
            } else {
                write(field, change.action, width, of: change.id.kind)
            }
        }
    }

    /// Characters, which in most labels are bytes.
    private static func width(_ text: String) -> Int {
        text.utf8.allSatisfy { $0 < 0x80 } ? text.utf8.count : text.count
    }

    private func name(_ field: FieldChange) -> String {
        displayed(field.label)
    }

    /// - Parameter kind: nil of settings
    private mutating func write(
        _ field: FieldChange, _ action: PlannedChange.Action, _ width: Int, of kind: KindName?
    ) {
        let sign =
            if field.isSensitive { action == .create ? "+" : "~" } else {
                field.before == nil ? "+" : field.after == nil ? "-" : "~"
            }
        let colour: Paint.Color = sign == "+" ? .green : sign == "-" ? .red : .yellow
        if !paint.isOn, !field.isSensitive, field.before == nil, let value = field.after,
            lines.append("      + ", field.label, width: width, value, limit: Self.valueLimit)
        {
            return
        }
        let label = name(field)
        let padded = label + String(repeating: " ", count: max(0, width - Self.width(label)))
        if field.isSensitive {
            lines.append("      " + paint(colour, "\(sign) \(padded)") + " = (sensitive)")
            return
        }
        if let before = field.before?.string, let after = field.after?.string,
            let difference = UnifiedDiff.lines(from: before, to: after)
        {
            lines.append("      " + paint(colour, "\(sign) \(padded)") + " =")
            for line in difference {
                let colour: Paint.Color = line.hasPrefix("+") ? .green : line.hasPrefix("-") ? .red : .dim
                lines.append(line == " " ? "" : "          " + paint(colour, displayed(line)))
            }
            return
        }
        let values: String =
            if let items = field.items { shown(items.added, items.removed) } else { shown(field, of: kind) }
        lines.append("      " + paint(colour, "\(sign) \(padded)") + " = " + values)
    }

    private func shown(_ field: FieldChange, of kind: KindName?) -> String {
        switch (field.before, field.after) {
        case (let before?, let after?): shown(before, after)
        case (nil, let after?): shown(after)
        case (let before?, nil): hasDefault(field, of: kind) ? "\(shown(before)) -> (default)" : shown(before)
        case (nil, nil): ""
        }
    }

    /// Of settings it is said.
    private func hasDefault(_ field: FieldChange, of kind: KindName?) -> Bool {
        guard let kind, let part = field.pointer.tokens.first else { return false }
        let shape = part == "metadata" ? Metadata.shape : KindCatalog[kind]?.shape
        return shape?.hasDefault(at: field.pointer.tokens.dropFirst()) ?? false
    }

    private func shown(_ before: JSON, _ after: JSON) -> String {
        let (old, new) = (before.canonicalText, after.canonicalText)
        let excerpt = Excerpt(displayed(old), displayed(new), limit: 120)
        func side(_ shown: String, _ text: String) -> String {
            shown == displayed(text) ? shown : "\(shown) (\(text.utf8.count) bytes)"
        }
        return "\(side(excerpt.before, old)) -> \(side(excerpt.after, new))"
    }

    private func shown(_ added: [JSON], _ removed: [JSON]) -> String {
        if let new = added.first, let old = removed.first, added.count == 1, removed.count == 1 {
            let excerpt = Excerpt(displayed(new.canonicalText), displayed(old.canonicalText), limit: 120)
            return "added \(excerpt.before); removed \(excerpt.after)"
        }
        let parts = [("added", added), ("removed", removed)].filter { !$0.1.isEmpty }.map { word, values in
            let more = values.count > 10 ? " and \(values.count - 10) more" : ""
            return "\(word) \(values.prefix(10).map(shown).joined(separator: ", "))\(more)"
        }
        return parts.joined(separator: "; ")
    }

    private func shown(_ value: JSON) -> String { Self.shown(value.canonicalText) }

    static func shown(_ canonical: String) -> String {
        let text = displayed(canonical)
        guard text.utf8.count > valueLimit, text.unicodeScalars.count > valueLimit else { return text }
        return "\(String(text.unicodeScalars.prefix(valueShown)))… (\(canonical.utf8.count) bytes)"
    }
}

/// Text from a repository, safe for a terminal: controls and invisible characters are escaped (faults A19, B46, C71).
package func displayed(_ text: String) -> String { escaped(text: text) }

import Values

/// The names of the events that a sender has, so that others can be warned of.
struct SenderEvents {
    let sender: String
    /// What may stand before the first dot.
    let names: Set<String>
    /// What may stand behind it, by what stands before; anything where that is not listed.
    var details: [String: Set<String>] = [:]

    /// Warns of names that the sender does not have: nothing would ever come of them. No error, as senders add some.
    ///
    /// - Parameters:
    ///   - events: the list, where there is one
    ///   - pointer: of the list in `node`
    func warnings(
        of events: JSON?, _ node: Node, _ pointer: [String], _ reading: ManifestReading
    ) -> [Diagnostic] {
        (events?.array ?? []).enumerated().compactMap { place, event -> Diagnostic? in
            guard let text = event.string, let (unknown, fix) = problem(with: text) else { return nil }
            return Diagnostic(
                .warning, .unknownEvent, "\(sender) sends no event \(quoted(unknown))",
                at: Place(path: reading.path, mark: node.mark(at: JSONPointer(pointer + ["\(place)"]))),
                fix: fix.map { "did you mean `\($0)`?" })
        }
    }

    /// Whether each event of a list surely is one of the sender's, seen quickly. No tells nothing.
    func surelyHold(_ events: Int, _ reading: borrowing PlainReading) -> Bool {
        reading.allItems(of: events) { text in
            // A mark behind a dot makes another character of it.
            guard text.allSatisfy({ $0 < 0x80 }) else { return false }
            let name = String(decoding: text.prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self)
            return names.contains(name) && details[name] == nil
        }
    }

    /// What of the name nobody sends, and what to write instead where something is near.
    private func problem(with text: String) -> (unknown: String, fix: String?)? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let sort = parts.first, sort != "*" else { return nil }
        let rest = text.dropFirst(sort.count)
        guard names.contains(sort) else {
            if let command = command(sort) { return (sort, command) }
            return (sort, nearestName(to: sort, among: names).map { "\($0)\(rest)" })
        }
        guard parts.count > 1, !parts[1].isEmpty, parts[1] != "*", let known = details[sort],
            !known.contains(parts[1])
        else { return nil }
        return (text, nearestName(to: parts[1], among: known).map { "\(sort).\($0)" })
    }

    /// A slash command as people type it is not the name of its event.
    private func command(_ sort: String) -> String? {
        guard names.contains("command"), sort.hasPrefix("/"), sort.utf8.count > 1 else { return nil }
        return "command.\(sort.dropFirst().lowercased())"
    }
}

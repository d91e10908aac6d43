import Values

/// One entry of a trigger's `events`: `pull_request.opened`, `pull_request` (all its actions), `*.created`, `*`.
package struct EventPattern: Sendable, Hashable {
    private let names: [Substring]

    package init(_ text: String) {
        names = text.split(separator: ".", omittingEmptySubsequences: false)
    }

    package func matches(_ event: String) -> Bool {
        let parts = event.split(separator: ".", omittingEmptySubsequences: false)
        guard names.count <= parts.count else { return false }
        return zip(names, parts).allSatisfy { $0 == "*" || $0 == $1 }
    }
}

extension EventPattern {
    /// Whether something stands before, behind and between the dots of each pattern in a list that is not empty.
    static func areSurelySound(_ events: Int, _ reading: borrowing PlainReading) -> Bool {
        let dot = UInt8(ascii: ".")
        return reading.allItems(of: events) { text in
            var last = dot
            for byte in text {
                if byte == dot, last == dot { return false }
                last = byte
            }
            return last != dot
        }
    }

    /// Warns of patterns with nothing before, behind or between their dots: no event is called so.
    ///
    /// - Parameters:
    ///   - events: the list, where there is one
    ///   - pointer: of the list in `node`
    static func warnings(
        of events: JSON?, _ node: Node, _ pointer: [String], _ reading: ManifestReading
    ) -> [Diagnostic] {
        (events?.array ?? []).enumerated().compactMap { place, event -> Diagnostic? in
            guard let text = event.string else { return nil }
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.contains(where: \.isEmpty) else { return nil }
            let sound = parts.filter { !$0.isEmpty }.joined(separator: ".")
            return Diagnostic(
                .warning, .unknownEvent, "no event is called \(quoted(text))",
                at: Place(path: reading.path, mark: node.mark(at: JSONPointer(pointer + ["\(place)"]))),
                fix: sound.isEmpty ? nil : "did you mean `\(sound)`?")
        }
    }
}

import Values

/// The names with which paths over an event begin, in `match` and in templates. Under another one there is never a value.
enum EventRoots {
    static let event = ["event", "payload", "headers", "trigger", "agent", "receivedAt", "scheduledAt"]
    /// What a channel's template sees beside those.
    static let outcome = ["output", "run", "state", "error"]

    /// - Parameter known: the names that there are
    static func warning(of name: some StringProtocol, among known: [String], at place: Place) -> Diagnostic {
        let name = String(name)
        return Diagnostic(
            .warning, .unknownPath, "nothing of an event is called \(quoted(name)): there is never a value", at: place,
            fix: nearestName(to: name, among: known).map { "did you mean `\($0)`?" }
                ?? "what was sent is under payload: payload.\(name)")
    }

    private static let eventNames = event.map { Array($0.utf8) }

    /// Whether a name is one of `event`.
    static func areNamed(by name: some Collection<UInt8>) -> Bool {
        eventNames.contains { $0.elementsEqual(name) }
    }

    /// Whether a template of these bytes asks for nothing but what events have, seen quickly. No tells nothing.
    static func areAskedAlone(by text: UnsafeBufferPointer<UInt8>) -> Bool {
        !Template.mayAsk(text, beside: eventNames)
    }

    /// The same of a template in a manifest.
    static func areAskedAlone(by node: Int?, _ reading: borrowing PlainReading) -> Bool {
        guard let node else { return true }
        switch reading.form(of: node) {
        case .plain, .quoted: return areAskedAlone(by: reading.text(of: node))
        case .mapping: return reading.inclusionsAskForEvents
        case .sequence: return false
        }
    }

    /// Warns of what a template asks for and events do not have.
    ///
    /// - Parameters:
    ///   - template: as canonical JSON has it: the text, or the file with it
    ///   - others: names that there are besides
    ///   - mark: of the field
    static func warnings(
        in template: JSON?, beside others: [String] = [], at mark: Mark, _ reading: ManifestReading
    ) -> [Diagnostic] {
        guard let text = template?.string ?? template?["text"]?.string else { return [] }
        let known = event + others
        guard Template.mayAsk(text, beside: known) else { return [] }
        // What is wrong with the template itself was told where it was read.
        let roots = (try? Template.roots(of: text)) ?? []
        return roots.subtracting(known).sorted().map {
            warning(of: $0, among: known, at: Place(path: reading.path, mark: mark))
        }
    }
}

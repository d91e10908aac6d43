import Values

/// A file that manifests include, looked over once for all of them: there is nothing to say about it.
final class PlainInclusion: Sendable {
    /// Canonical JSON of it: `{"file":…,"text":…}`.
    let canonical: [UInt8]
    /// Whether it is a template without mistakes, too.
    let isTemplate: Bool
    /// Whether, as a template, it asks for nothing but what events have.
    let asksForEventsAlone: Bool

    /// Bytes of a text that is kept in both forms.
    private static let textLimit = 64 << 10

    /// Nil where somebody has to look closely, and for long texts.
    init?(path: String, text: String) {
        guard text.utf8.count <= Self.textLimit else { return nil }
        var (name, content) = (path, text)
        let mayHoldSecret =
            name.withUTF8 { PlaintextSecrets.mayHoldSecret($0, .prose) }
            || content.withUTF8 { PlaintextSecrets.mayHoldSecret($0, .prose) }
        guard !mayHoldSecret, BidirectionalControls.warnings(in: text, path: path).isEmpty else { return nil }
        canonical = IncludedFile(path: path, text: text).json.canonicalBytes
        isTemplate = (try? Template.check(text)) != nil
        asksForEventsAlone = content.withUTF8 { EventRoots.areAskedAlone(by: $0) }
    }
}

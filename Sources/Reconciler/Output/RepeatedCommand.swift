import Git

/// A command that was given, as a line for a shell: in a comment it is read elsewhere, where the same variables need not
/// be set.
struct RepeatedCommand {
    private(set) var text: String

    /// - Parameters:
    ///   - words: the command and its arguments
    ///   - options: those of its own that have a value
    init(_ words: [String], _ options: [(name: String, value: String?)] = [], of source: RepositoryOptions) {
        text = words.map(Self.word).joined(separator: " ")
        let location = source.location == "." ? nil : RepositoryLocation.withoutCredentials(source.location)
        let directory = source.directory.isEmpty ? nil : source.directory
        for (name, value) in options + [("--repo", location), ("--path", directory)] {
            if let value { text += " \(name) \(Self.word(value))" }
        }
    }

    /// In quotes where a shell would read anything into it.
    private static func word(_ text: String) -> String {
        let plain = { (scalar: Unicode.Scalar) in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                || "-_./:@%+=,~^".unicodeScalars.contains(scalar)
        }
        guard text.isEmpty || text.hasPrefix("~") || !text.unicodeScalars.allSatisfy(plain) else { return text }
        return "'\(text.replacing("'", with: "'\\''"))'"
    }
}

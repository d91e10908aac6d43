import Values

/// `writ.yaml`: how the repository itself is read. It is no manifest.
package struct Settings: SpecObject, Hashable {
    package let include: [Glob]
    package let exclude: [Glob]
    package let prune: Prune
    package let brake: Brake?
    package let apply: ApplyMode
    package let drift: DriftMode
    package let retention: Retention
    package let verify: Verify?

    package static let fileName = "writ.yaml"
    package static let standard = Settings(
        include: [], exclude: [], prune: .standard, brake: nil, apply: .commit, drift: .heal, retention: .standard,
        verify: nil)
    /// Makes ready what reading recorded ones takes: a millisecond or two, the first time.
    package static func prepare() { _ = schema }

    package static let schema = Schema<Settings>(
        "How a repository is read: writ.yaml at its configured root.",
        Field("include", \.include, "Only files that match one of these; all without it.", default: []),
        Field("exclude", \.exclude, "Files that are no manifests.", default: []),
        Field(
            "prune", \.prune, "What becomes of what the repository no longer says; in force from the next commit on.",
            default: .standard),
        Field(
            "brake", optional: \.brake, "How much one commit may delete; in force from the next commit on."),
        Field(
            "apply", \.apply,
            "What one mistake keeps from being applied: the whole commit, or the resource and what needs it; in force"
                + " from the next commit on.", default: .commit),
        Field(
            "drift", \.drift,
            "What `writ serve` does about recorded resources that were altered behind its back.", default: .heal),
        Field("retention", \.retention, "How long `writ serve` keeps what happened.", default: .standard),
        Field(
            "verify", optional: \.verify, "Whose signature a commit needs; in force from the next commit on."),
        make: Settings.init)

    package struct Brake: SpecObject, Hashable {
        package let deletes: Bounded<FromOne>?
        package let percent: Bounded<Percent>?

        package static let schema = Schema<Brake>(
            "How much one commit may delete.",
            Field("deletes", optional: \.deletes, "Resources of one kind that may go without a word; 5 without it."),
            Field("percent", optional: \.percent, "Share of a kind that may go without a word; 30 without it."),
            make: Brake.init)
    }

    package enum DriftMode: String, SpecChoice {
        /// They are put back to what was applied.
        case heal
        /// They are told and left.
        case report
    }

    package enum ApplyMode: String, SpecChoice {
        case commit, perResource
    }

    package enum Percent: IntegerBounds { package static let range = 1...100 }

    /// Whether a manifest at `path`, relative to the configured root, is read.
    func reads(_ path: String) -> Bool {
        if !include.isEmpty, !include.contains(where: { $0.matches(path) }) { return false }
        return !exclude.contains { $0.matches(path) }
    }
}

/// A path pattern: `*` within a name, `**` over any number of directories, `?` one character.
package struct Glob: SpecText, Hashable {
    package let manifestText: String
    private let names: [[Unicode.Scalar]]
    /// What every path that matches begins with, as most others do not.
    private let literal: [UInt8]

    package static var textShape: TextShape { TextShape("a path pattern such as drafts/**", maximumLength: 256) }

    package init(manifestText text: String) throws {
        guard !text.isEmpty, !text.hasPrefix("/"), text.utf8.count <= 256 else {
            throw SpecTextError("a path pattern is relative and not empty", fix: "write drafts/** or **/*.draft.yaml")
        }
        manifestText = text
        // Of two slashes in a row one counts.
        literal =
            text.contains("//") ? [] : Array(text.utf8.prefix { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "?") })
        // `drafts/` means all that is in there.
        names = (text + (text.hasSuffix("/") ? "**" : "")).split(separator: "/").map { Array($0.unicodeScalars) }
        guard names.filter({ $0 == ["*", "*"] }).count <= 4 else {
            throw SpecTextError("at most four ** in one pattern")
        }
    }

    package func matches(_ path: String) -> Bool {
        guard path.utf8.starts(with: literal) else { return false }
        return Self.match(names[...], path.split(separator: "/").map { Array($0.unicodeScalars) }[...])
    }

    private static func match(_ pattern: ArraySlice<[Unicode.Scalar]>, _ path: ArraySlice<[Unicode.Scalar]>) -> Bool {
        guard let first = pattern.first else { return path.isEmpty }
        if first == ["*", "*"] {
            if pattern.count == 1 { return !path.isEmpty }
            return path.indices.contains { match(pattern.dropFirst(), path[$0...]) }
        }
        guard let name = path.first, matchName(first, name) else { return false }
        return match(pattern.dropFirst(), path.dropFirst())
    }

    /// Greedy with one point to go back to: linear in practice, never exponential.
    private static func matchName(_ pattern: [Unicode.Scalar], _ name: [Unicode.Scalar]) -> Bool {
        var (p, n) = (0, 0)
        var back: (p: Int, n: Int)?
        while n < name.count {
            if p < pattern.count, pattern[p] == "*" {
                back = (p, n)
                p += 1
            } else if p < pattern.count, pattern[p] == "?" || pattern[p] == name[n] {
                p += 1
                n += 1
            } else if let last = back {
                p = last.p + 1
                n = last.n + 1
                back = (last.p, n)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == "*" }
    }
}

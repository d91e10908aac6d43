import Values

extension Settings {
    /// The standard, where signatures were asked for in a way that cannot be read: nobody's fulfils that.
    package static let unreadableSignatures = Settings(
        include: [], exclude: [], prune: .standard, brake: nil, apply: .commit, drift: .heal,
        retention: .standard, verify: Verify(mode: .head, keys: []))

    /// The same, and nothing is deleted because it is declared no longer.
    package var withoutPruning: Settings {
        Settings(
            include: include, exclude: exclude, prune: Prune(enabled: false, grace: prune.grace), brake: brake,
            apply: apply, drift: drift, retention: retention, verify: verify)
    }

    /// Whose signature a commit needs to be applied.
    package struct Verify: SpecObject, Hashable {
        package let mode: Mode
        package let keys: [SigningKey]

        package static let schema = Schema<Verify>(
            "Whose signature a commit needs; in force from the next commit on.",
            Field("mode", \.mode, "What is signed: the commit that is applied.", default: .head),
            Field(
                "keys", \.keys,
                "Who signs: ssh public keys, lines of allowed_signers, or PGP public key blocks."),
            rules: [Rule(Verify.listsSomebody)], make: Verify.init)

        /// Without a key no commit would be applied any more, not even the one that mends that.
        private static func listsSomebody(
            _ verify: JSON, _ node: Node, _ reading: ManifestReading
        ) -> [Diagnostic] {
            guard verify["keys"]?.array?.isEmpty == true else { return [] }
            return [
                Diagnostic(
                    .error, .badValue, "`verify` lists no key, so that no commit could be applied any more",
                    at: Place(path: reading.path, mark: node.mark),
                    fix: "list the keys of who signs, or leave `verify` out")
            ]
        }

        /// The commit that is applied, which speaks for all before it.
        package enum Mode: String, SpecChoice { case head }

    }
}

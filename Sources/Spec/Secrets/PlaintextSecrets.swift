import Values

/// Finds what looks like a secret in a manifest and in the files that it includes. Values are never repeated.
enum PlaintextSecrets {
    /// Names the fields that may hold what looks like a secret: `spec.headers.X-Id`, several with commas or spaces.
    static let annotation = "writ/allow-plaintext"

    static func diagnostics(of resource: Resource) -> [Diagnostic] {
        var search = Search(allowed: allowed(by: resource))
        for part in ["metadata", "spec"] {
            if let value = resource.manifest[part] { search.look(at: value, under: part, isProse: false) }
        }
        return search.found.map { finding in
            let place = resource.place(of: JSONPointer(finding.tokens))
            let field = finding.tokens.joined(separator: ".")
            return Diagnostic(
                .error, .plaintextSecret, "\(quoted(field)) holds what looks like \(finding.what)", at: place,
                fix: "put a secret reference there and change the secret; if it is none, write the annotation "
                    + "\(annotation): \(escaped(field.unicodeScalars.prefix(120)))")
        }
    }

    private static func allowed(by resource: Resource) -> Set<String> {
        guard let list = resource.manifest["metadata"]?["annotations"]?[annotation]?.string else { return [] }
        return Set(list.split { $0 == "," || $0.isWhitespace }.map(String.init))
    }

    private struct Search {
        let allowed: Set<String>
        private(set) var found: [(tokens: [String], what: String)] = []

        init(allowed: Set<String>) {
            self.allowed = allowed
        }

        /// Text for people and models, in which only what is certainly a token counts.
        private static let prose: Set<String> = [
            "description", "displayName", "persona", "systemPrompt", "template", "input", "text", "parameters",
            "inputs", "schema", "file", "transcripts", "annotations",
        ]
        private static let secretive = [
            "token", "secret", "password", "passwd", "apikey", "api-key", "api_key", "authorization",
        ].map { Array($0.utf8) }

        private static let passwords = ["password", "passwd"].map { Array($0.utf8) }

        /// Where the search is.
        private var tokens: [String] = []

        mutating func look(at value: JSON, under token: String, isProse: Bool) {
            tokens.append(token)
            defer { tokens.removeLast() }
            let isProse = isProse || Self.prose.contains(token)
            switch value {
            case .string(let text): look(at: text, isProse)
            case .array(let items):
                for (index, item) in items.enumerated() { look(at: item, under: String(index), isProse: isProse) }
            case .object(let members):
                for (key, member) in members {
                    if TextEntropy.mayHoldSecret(key), let token = TokenShape.found(in: key) {
                        add("\(token) as a key")
                    }
                    look(at: member, under: key, isProse: isProse)
                }
            case .null, .bool, .number: return
            }
        }

        private mutating func look(at text: String, _ isProse: Bool) {
            if let what = what(text, isProse) { add(what) }
        }

        private mutating func add(_ what: String) {
            guard !allowed.contains(tokens.joined(separator: ".")), !allowed.contains(JSONPointer(tokens).text) else {
                return
            }
            found.append((tokens, what))
        }

        private func what(_ text: String, _ isProse: Bool) -> String? {
            let mayHoldSecret = TextEntropy.mayHoldSecret(text)
            if mayHoldSecret, let token = TokenShape.found(in: text) { return token }
            if isProse { return nil }
            if isPassword, AddressSecrets.isLiteral(text) { return "a password" }
            guard mayHoldSecret else { return nil }
            if text.utf8.contains(UInt8(ascii: ":")), let secret = AddressSecrets.found(in: text) { return secret }
            // Templates name variables, and addresses hold paths.
            for word in text.utf8.split(whereSeparator: Self.separates) where TextEntropy.isSecretLike(word) {
                if TextEntropy.isKeyLike(word) || isSecretive { return "a secret" }
            }
            return nil
        }

        /// Whether the field is named after a secret.
        private var isSecretive: Bool { isNamed(after: Self.secretive) }

        /// Whether the field can hold nothing but a password.
        private var isPassword: Bool {
            (tokens.last ?? "").utf8.count >= 6 && isNamed(after: Self.passwords)
        }

        private func isNamed(after words: [[UInt8]]) -> Bool {
            // In bytes, because this is asked for every text.
            let name = (tokens.last ?? "").utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
            return words.contains { word in
                name.count >= word.count
                    && (0...(name.count - word.count)).contains { name[$0...].starts(with: word) }
            }
        }

        private static func separates(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"),
                UInt8(ascii: "="):
                false
            default: true
            }
        }
    }
}

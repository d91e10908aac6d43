import Values

/// Finds what looks like a secret in a manifest and in the files that it includes. Values are never repeated.
enum PlaintextSecrets {
    /// Names the fields that may hold what looks like a secret: `spec.headers.X-Id`, several with commas or spaces.
    static let annotation = "\(plainAnnotation)"
    static let plainAnnotation: StaticString = "writ/allow-plaintext"

    static func diagnostics(of resource: Resource) -> [Diagnostic] {
        let allowed = allowed(by: resource.manifest)
        let found = search(resource.manifest, allowed).map { finding in
            diagnostic(finding, at: resource.place(of: JSONPointer(finding.tokens)))
        }
        return allowed.isEmpty ? found : found + mistaken(allowed, in: resource)
    }

    static func diagnostic(_ finding: Finding, at place: Place) -> Diagnostic {
        let field = finding.tokens.joined(separator: ".")
        return Diagnostic(
            .error, .plaintextSecret, "\(quoted(field)) holds what looks like \(finding.what)", at: place,
            fix: "put a secret reference there and change the secret; if it is none, write the annotation "
                + "\(annotation): \(escaped(field.unicodeScalars.prefix(120)))")
    }

    /// The ways to them in a manifest of which something may be missing.
    static func ways(in manifest: JSON) -> [[String]] { findings(in: manifest).map(\.tokens) }

    static func findings(in manifest: JSON) -> [Finding] { search(manifest, allowed(by: manifest)) }

    /// What looks like a secret, and the way to it.
    typealias Finding = (tokens: [String], what: String)

    private static func search(_ manifest: JSON, _ allowed: Set<String>) -> [Finding] {
        var search = Search(allowed: allowed)
        for part in ["metadata", "spec"] {
            if let value = manifest[part] { search.look(at: value, under: part, isProse: false) }
        }
        return search.found
    }

    /// Names in the annotation that allow nothing.
    private static func mistaken(_ allowed: Set<String>, in resource: Resource) -> [Diagnostic] {
        let fields = fields(of: resource)
        return allowed.subtracting(fields).sorted().prefix(10).map { field in
            let near = nearestName(to: field, among: fields.sorted())
            return Diagnostic(
                .warning, .unknownField, "\(quoted(field)), which \(annotation) names, is no field here",
                at: resource.place(of: JSONPointer(["metadata", "annotations", annotation])),
                fix: near.map { "did you mean \(quoted($0))?" } ?? "name a field such as spec.headers.X-Team")
        }
    }

    /// All that may be named, in both ways to write it.
    private static func fields(of resource: Resource) -> Set<String> {
        var found: Set<String> = []
        func add(_ value: JSON, _ tokens: [String]) {
            found.insert(tokens.joined(separator: "."))
            found.insert(JSONPointer(tokens).text)
            for (key, member) in value.object ?? [:] { add(member, tokens + [key]) }
            for (index, item) in (value.array ?? []).enumerated() { add(item, tokens + [String(index)]) }
        }
        for part in ["metadata", "spec"] {
            if let value = resource.manifest[part] { add(value, [part]) }
        }
        return found
    }

    private static func allowed(by manifest: JSON) -> Set<String> {
        guard let list = manifest["metadata"]?["annotations"]?[annotation]?.string else { return [] }
        return Set(list.split { $0 == "," || $0.isWhitespace }.map(String.init))
    }

    struct Search {
        let allowed: Set<String>
        private(set) var found: [(tokens: [String], what: String)] = []

        init(allowed: Set<String>) {
            self.allowed = allowed
        }

        /// Text for people and models, in which only what is certainly a token counts.
        static let prose: Set<String> = [
            "description", "displayName", "persona", "systemPrompt", "template", "input", "text", "parameters",
            "inputs", "schema", "file", "transcripts", "annotations",
        ]
        static let secretive = [
            "token", "secret", "password", "passwd", "apikey", "api-key", "api_key", "authorization",
        ].map { Array($0.utf8) }

        static let passwords = ["password", "passwd"].map { Array($0.utf8) }

        /// Where the search is.
        private var tokens: [String] = []

        mutating func look(at value: JSON, under token: String, isProse: Bool) {
            switch value {
            case .null, .bool, .number: return
            case .string(let text):
                let isProse = isProse || Self.prose.contains(token)
                if let what = Self.what(text, under: token, isProse) { add(what, under: token) }
            case .array(let items):
                let isProse = isProse || Self.prose.contains(token)
                tokens.append(token)
                for (index, item) in items.enumerated() { look(at: item, under: String(index), isProse: isProse) }
                tokens.removeLast()
            case .object(let members):
                let isProse = isProse || Self.prose.contains(token)
                tokens.append(token)
                for (key, member) in members {
                    if TextEntropy.mayHoldSecret(key), let token = TokenShape.found(in: key) {
                        add("\(token) as a key")
                    }
                    look(at: member, under: key, isProse: isProse)
                }
                tokens.removeLast()
            }
        }

        private mutating func add(_ what: String, under token: String) {
            tokens.append(token)
            add(what)
            tokens.removeLast()
        }

        private mutating func add(_ what: String) {
            guard !allowed.contains(tokens.joined(separator: ".")), !allowed.contains(JSONPointer(tokens).text) else {
                return
            }
            found.append((tokens, what))
        }

        private static func what(_ text: String, under token: String, _ isProse: Bool) -> String? {
            var text = text
            let (mayHoldSecret, mayHoldToken) = text.withUTF8 { bytes in
                let mayHoldSecret = TextEntropy.mayHoldSecret(bytes)
                return (mayHoldSecret, mayHoldSecret && TokenShape.mayStand(in: bytes))
            }
            if mayHoldToken, let token = TokenShape.found(in: text) { return token }
            if isProse { return nil }
            // A field that can hold nothing but a password.
            if token.utf8.count >= 6, isNamed(token, after: passwords), AddressSecrets.isLiteral(text) {
                return "a password"
            }
            guard mayHoldSecret else { return nil }
            if text.utf8.contains(UInt8(ascii: ":")), let secret = AddressSecrets.found(in: text) { return secret }
            let isSecret = text.withUTF8 { bytes in
                // Templates name variables, and addresses hold paths.
                bytes.split(whereSeparator: separates).contains { word in
                    word.count >= 16 && TextEntropy.isSecretLike(word)
                        && (TextEntropy.isKeyLike(word) || isNamed(token, after: secretive))
                }
            }
            return isSecret ? "a secret" : nil
        }

        /// In bytes, because this is asked for every text.
        private static func isNamed(_ name: String, after words: [[UInt8]]) -> Bool {
            var name = name
            return name.withUTF8 { isNamed($0, after: words) }
        }

        static func isNamed(_ name: UnsafeBufferPointer<UInt8>, after words: [[UInt8]]) -> Bool {
            words.contains { word in
                guard name.count >= word.count else { return false }
                return (0...(name.count - word.count)).contains { start in
                    word.indices.allSatisfy { lower(name[start + $0]) == word[$0] }
                }
            }
        }

        private static func lower(_ byte: UInt8) -> UInt8 {
            byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
        }

        static func separates(_ byte: UInt8) -> Bool {
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

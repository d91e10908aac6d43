import Values

/// A line of OpenSSH's `allowed_signers` (ssh-keygen(1)), where the principals may be missing, as in a public key file.
package struct SSHSigner: Sendable, Hashable {
    /// Who it is, by the word of who wrote the line; the key's comment where it names no principals.
    package let name: String
    /// `ssh-ed25519` and so on.
    package let type: String
    /// The key as ssh sends it.
    package let key: [UInt8]
    package let validAfter: Instant?
    package let validBefore: Instant?

    private static let types = [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa",
    ]

    /// With fewer bits a signature counts as nobody's.
    private static let leastBits = 2_048

    init(line: String) throws {
        var words = try Self.words(line)[...]
        var principals: String?
        var after: Instant?
        var before: Instant?
        if let first = words.first, !Self.types.contains(first) {
            principals = first
            words = words.dropFirst()
            if let options = words.first, !Self.types.contains(options), words.count >= 3 {
                (after, before) = try Self.times(options)
                words = words.dropFirst()
            }
        }
        guard let type = words.popFirst(), let encoded = words.popFirst(), Self.types.contains(type),
            let key = Base64.bytes(encoded), key.count > 4 + type.utf8.count,
            Array(key.prefix(4)) == [0, 0, 0, UInt8(type.utf8.count)],
            key.dropFirst(4).starts(with: type.utf8)
        else {
            throw SpecTextError(
                "this is no public key that commits are signed with",
                fix: "write it as in ~/.ssh/id_ed25519.pub: \(Self.types.joined(separator: ", "))")
        }
        if type == "ssh-rsa" {
            guard let bits = Self.bitsOfRSA(key) else { throw SpecTextError("this RSA key is damaged") }
            guard bits >= Self.leastBits else {
                throw SpecTextError(
                    "this RSA key has \(bits) bits, and nothing signed with fewer than \(Self.leastBits) counts",
                    fix: "make another key: ssh-keygen -t ed25519")
            }
        }
        self.type = type
        self.key = key
        name = principals ?? (words.isEmpty ? type : words.joined(separator: " "))
        validAfter = after
        validBefore = before
    }

    /// The length of the modulus, the third string of the key (RFC 4253, section 6.6); nil where it is cut.
    private static func bitsOfRSA(_ key: [UInt8]) -> Int? {
        var rest = key[...]
        var last: ArraySlice<UInt8> = []
        for _ in 0..<3 {
            guard rest.count >= 4 else { return nil }
            let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            guard count <= rest.count else { return nil }
            last = rest.prefix(count)
            rest = rest.dropFirst(count)
        }
        let modulus = last.drop { $0 == 0 }
        guard rest.isEmpty, let first = modulus.first else { return nil }
        return modulus.count * 8 - first.leadingZeroBitCount
    }

    /// What the options of a line say about time. Throws for those that would be ignored, which changes what they mean.
    private static func times(_ options: String) throws -> (Instant?, Instant?) {
        var after: Instant?
        var before: Instant?
        for option in try split(options) {
            let parts = option.split(separator: "=", maxSplits: 1).map(String.init)
            let value = parts.count == 2 ? parts[1].filter { $0 != "\"" } : ""
            switch parts.first?.lowercased() {
            case "namespaces":
                guard SSHPatternList(value).allows("git") else {
                    throw SpecTextError("this key signs no commits: its namespaces have no git")
                }
            case "valid-after": after = try instant(value)
            case "valid-before": before = try instant(value)
            default:
                throw SpecTextError(
                    "\(quoted(option)) is no option that is known here",
                    fix: "use namespaces, valid-after and valid-before; certificate authorities are not supported")
            }
        }
        return (after, before)
    }

    /// `YYYYMMDD[HHMM[SS]]Z`. Without the Z it would be some machine's local time.
    private static func instant(_ text: String) throws -> Instant {
        let digits = text.dropLast()
        guard text.hasSuffix("Z"), [8, 12, 14].contains(digits.count), digits.allSatisfy({ $0.isASCII && $0.isNumber })
        else { throw SpecTextError("\(quoted(text)) is no time", fix: "write it as 20260131Z or 202601310900Z") }
        let all = Array(digits + String(repeating: "0", count: 14 - digits.count))
        func part(_ range: Range<Int>) -> String { String(all[range]) }
        let written =
            "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(8..<10)):\(part(10..<12)):\(part(12..<14))Z"
        guard let instant = Instant(rfc3339: written) else { throw SpecTextError("\(quoted(text)) is no time") }
        return instant
    }

    /// Words at spaces that stand in no quotes.
    private static func words(_ line: String) throws -> [String] { try split(line, at: " \t") }

    private static func split(_ text: String, at separators: String = ",") throws -> [String] {
        var parts: [String] = []
        var part = ""
        var isQuoted = false
        for character in text {
            if character == "\"" { isQuoted.toggle() }
            if !isQuoted, separators.contains(character) {
                if !part.isEmpty { parts.append(part) }
                part = ""
            } else {
                part.append(character)
            }
        }
        guard !isQuoted else { throw SpecTextError("a quote does not end") }
        return part.isEmpty ? parts : parts + [part]
    }
}

import Outbound
import Values

/// Takes secrets out of texts, also where they were put into a URL, JSON, a form or Base64 on the way (fault H135).
package struct Redactor: Sendable {
    static let mark = "[redacted]"

    private var known: Set<[UInt8]> = []
    /// By first byte, the longest first.
    private var patterns: [UInt8: [[UInt8]]] = [:]

    package init() {}

    package mutating func add(_ secret: String) {
        for form in Self.forms(of: secret) where form.count >= SecretResolver.minimumCharacters {
            guard let first = form.first, known.insert(form).inserted else { continue }
            patterns[first, default: []].append(form)
            patterns[first]?.sort { $0.count > $1.count }
        }
    }

    package func redact(_ text: String) -> String {
        if patterns.isEmpty { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var copied = 0
        var place = 0
        while place < bytes.count {
            if let match = patterns[bytes[place]]?.first(where: { bytes[place...].starts(with: $0) }) {
                result += bytes[copied..<place]
                result += Self.mark.utf8
                place += match.count
                copied = place
            } else {
                place += 1
            }
        }
        if copied == 0 { return text }
        result += bytes[copied...]
        return String(decoding: result, as: UTF8.self)
    }

    func redact(_ json: JSON) -> JSON {
        if patterns.isEmpty { return json }
        switch json {
        case .null, .bool: return json
        case .number(let number):
            return redact(number.text) == number.text ? json : .string(Self.mark)
        case .string(let text): return .string(redact(text))
        case .array(let items): return .array(items.map { redact($0) })
        case .object(let members):
            return .object(JSONMembers(members.map { (redact($0.key), redact($0.value)) }))
        }
    }

    private static func forms(of secret: String) -> [[UInt8]] {
        let bytes = Array(secret.utf8)
        let escaped = Array(JSON.string(secret).canonicalText.utf8.dropFirst().dropLast())
        let slashed = escaped.flatMap { $0 == UInt8(ascii: "/") ? Array("\\/".utf8) : [$0] }
        let percent = PercentEncoding.encode(secret)
        let form = percent.replacing("%20", with: "+")
        var forms = [bytes, escaped, slashed]
        for text in [percent, form] {
            forms.append(Array(text.utf8))
            forms.append(lowercaseEscapes(Array(text.utf8)))
        }
        for offset in 0..<3 {
            let digits = base64(bytes, offset: offset)
            forms.append(digits)
            forms.append(
                digits.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? 0x5F : $0 })
        }
        return forms
    }

    /// The digits that the secret alone decides when it begins `offset` bytes after a group of three, as a password
    /// does in `user:password`.
    private static func base64(_ bytes: [UInt8], offset: Int) -> [UInt8] {
        let digits = Base64.text(Array(repeating: 0, count: offset) + bytes).utf8.filter { $0 != UInt8(ascii: "=") }
        let isShared = (offset + bytes.count) % 3 != 0
        return Array(digits.dropFirst(offset == 0 ? 0 : offset + 1).dropLast(isShared ? 1 : 0))
    }

    private static func lowercaseEscapes(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        var rest = 0
        for (place, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "%") {
                rest = 2
            } else if rest > 0 {
                rest -= 1
                if byte >= UInt8(ascii: "A"), byte <= UInt8(ascii: "F") { result[place] = byte | 0x20 }
            }
        }
        return result
    }
}

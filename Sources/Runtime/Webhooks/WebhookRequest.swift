import Outbound
/// A request as it came in: header names as sent, the body's bytes as received.
struct WebhookRequest: Sendable {
    private let fields: [(name: String, value: String)]
    let body: [UInt8]

    init(headers: [(String, String)], body: [UInt8]) {
        fields = headers.map { (Self.lowercased($0.0), $0.1) }
        self.body = body
    }

    /// Most of what asks for it is so already, and this is done for every header of every request.
    private static func lowercased(_ name: String) -> String {
        name.utf8.allSatisfy { $0 < 0x80 && !(UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0) } ? name : name.lowercased()
    }

    /// The value of a header that is there exactly once, without spaces around it.
    func only(_ name: String) -> String? {
        let wanted = Self.lowercased(name)
        var found: String?
        for field in fields where field.name == wanted {
            guard found == nil else { return nil }
            found = field.value
        }
        guard let value = found else { return nil }
        let isSpace = { (byte: UInt8?) in byte == 0x20 || byte == 0x09 }
        guard isSpace(value.utf8.first) || isSpace(value.utf8.last) else { return value }
        let start = value.utf8.drop(while: isSpace)
        let length = start.reversed().drop(while: isSpace).count
        return String(decoding: start.prefix(length), as: UTF8.self)
    }

    /// Why there is no header of the signature's name to read.
    func withoutOnly(_ name: String) -> SignatureVerdict { count(of: name) > 1 ? .repeated : .missing }

    /// Headers whose names, in lower case, begin so; in the order in which they came.
    func fields(prefix: String) -> [(name: String, value: String)] { fields.filter { $0.name.hasPrefix(prefix) } }

    func count(of name: String) -> Int {
        let wanted = Self.lowercased(name)
        return fields.count { $0.name == wanted }
    }

    /// The media type, lower-case and without parameters.
    var mediaType: String {
        let value = only("content-type") ?? ""
        let type = value.prefix { $0 != ";" && $0 != " " }
        return type.lowercased()
    }

    /// Whether the body is encoded in a way that hides the bytes that were signed (fault F106).
    var isEncoded: Bool {
        fields.contains { field in
            field.name == "content-encoding" && !field.value.isEmpty && field.value.lowercased() != "identity"
        }
    }

    /// What templates and the inbox may see: no credentials, no signatures, nothing long, nothing in writ's own name.
    ///
    /// - Parameter secret: a further header to leave out
    func storedHeaders(without secret: String?) -> [String: String] {
        var stored: [String: String] = [:]
        let secret = secret.map(Self.lowercased)
        var room = Self.storedBytes
        for (name, value) in fields {
            guard stored.count < Self.storedCount, name.utf8.count <= 128, value.utf8.count <= 2_048 else { continue }
            if Self.isSecret(name) || name == secret || name.hasPrefix(Self.own) { continue }
            let joined = stored[name].map { $0 + ", " + value } ?? value
            room -= name.utf8.count + value.utf8.count
            guard room >= 0 else { break }
            stored[name] = joined
        }
        return stored
    }

    /// Headers of such names writ itself adds to events (`writ-replay-of`): a sender's would be taken for those.
    private static let own = "writ-"
    private static let storedCount = 64
    private static let storedBytes = 16 << 10

    private static let secretWords = [
        "authorization", "cookie", "signature", "token", "secret", "password", "api-key", "apikey",
    ].map { Array($0.utf8) }

    /// Looked for as bytes: a search in texts takes longer than all else that is done for a request.
    private static func isSecret(_ name: String) -> Bool {
        var name = name
        return name.withUTF8 { name in
            secretWords.contains { word in
                guard name.count >= word.count, let first = word.first else { return false }
                return (0...(name.count - word.count)).contains { start in
                    name[start] == first && name[start..<(start + word.count)].elementsEqual(word)
                }
            }
        }
    }
}

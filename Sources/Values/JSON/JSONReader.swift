/// A recursive descent reader over bytes; its depth is bounded by the limits.
struct JSONReader {
    let bytes: [UInt8]
    let limits: JSONLimits
    var position = 0
    private var nodes = 0

    init(_ bytes: [UInt8], _ limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func document() throws(JSONError) -> JSON {
        guard bytes.count <= limits.bytes else {
            throw error("the text is \(bytes.count) bytes long, more than the \(limits.bytes) allowed", at: 0)
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            throw error("the text begins with a byte order mark; remove it", at: 0)
        }
        skipSpace()
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw unexpected("expected the end of the text") }
        return value
    }

    /// The byte at the position, `nil` at the end.
    var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    func error(_ message: String, at offset: Int) -> JSONError {
        JSONError(message, at: offset, in: bytes)
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSON {
        nodes += 1
        guard nodes <= limits.nodes else { throw error("more than \(limits.nodes) values", at: position) }
        switch current {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return .number(try number())
        default: throw unexpected("expected a value")
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSON {
        try enter(depth)
        var values: [JSON] = []
        skipSpace()
        if skip("]") { return .array(values) }
        while true {
            skipSpace()
            values.append(try value(depth: depth + 1))
            skipSpace()
            if skip(",") { continue }
            if skip("]") { return .array(values) }
            throw unexpected("expected `,` or `]` after a value in a list")
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSON {
        try enter(depth)
        var members: [JSONMembers.Member] = []
        var places: [Int] = []
        skipSpace()
        if skip("}") { return .object([:]) }
        while true {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw unexpected("expected a key in double quotes") }
            let place = position
            let key = try string()
            skipSpace()
            guard skip(":") else { throw unexpected("expected `:` after a key") }
            skipSpace()
            members.append((key, try value(depth: depth + 1)))
            places.append(place)
            skipSpace()
            if skip(",") { continue }
            if skip("}") { return .object(try object(members, places)) }
            throw unexpected("expected `,` or `}` after a value in an object")
        }
    }

    private func object(_ members: [JSONMembers.Member], _ places: [Int]) throws(JSONError) -> JSONMembers {
        let object = JSONMembers(unsorted: members)
        // Keys that only Swift calls equal have other bytes than ASCII.
        if object.count == members.count, object.keys.allSatisfy({ $0.utf8.allSatisfy { $0 < 0x80 } }) { return object }
        var seen: [String: Int] = Dictionary(minimumCapacity: members.count)
        for (number, member) in members.enumerated() {
            if let earlier = seen.updateValue(number, forKey: member.key) {
                throw duplicate(member.key, of: members[earlier].key, at: places[number], earlier: places[..<number])
            }
        }
        return object
    }

    private mutating func enter(_ depth: Int) throws(JSONError) {
        guard depth < limits.depth else {
            throw error("lists and objects are nested more than \(limits.depth) deep", at: position)
        }
        position += 1
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let text = Array("\(word)".utf8)
        guard bytes.dropFirst(position).starts(with: text) else { throw unexpected("expected a value") }
        position += text.count
        return value
    }

    private mutating func number() throws(JSONError) -> JSONNumber {
        let start = position
        var whole: Int64? = 0
        let isNegative = skip("-")
        while let byte = current {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                // Up to 18 digits are read on the way; the rest goes through the exact decimal.
                if let value = whole, position - start < 18 {
                    whole = value * 10 + Int64(byte - UInt8(ascii: "0"))
                } else {
                    whole = nil
                }
            case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "+"), UInt8(ascii: "-"):
                whole = nil
            default:
                return try number(from: start, whole: whole, isNegative: isNegative)
            }
            position += 1
        }
        return try number(from: start, whole: whole, isNegative: isNegative)
    }

    private func number(from start: Int, whole: Int64?, isNegative: Bool) throws(JSONError) -> JSONNumber {
        let literal = bytes[start..<position]
        let digits = isNegative ? literal.dropFirst() : literal
        let isPlain = digits.first != UInt8(ascii: "0") || digits.count == 1 && !isNegative
        if let whole, !digits.isEmpty, isPlain {
            return JSONNumber(.small(isNegative ? -whole : whole))
        }
        if let number = JSONNumber(written: String(decoding: literal, as: UTF8.self)) { return number }
        let text =
            literal.count > 40
            ? "a number of \(literal.count) characters" : "`\(String(decoding: literal, as: UTF8.self))`"
        throw error("\(text) is not a number that JSON and a double can hold", at: start)
    }

    private func duplicate(_ key: String, of other: String, at place: Int, earlier places: ArraySlice<Int>) -> JSONError
    {
        for earlier in places {
            var again = self
            again.position = earlier
            guard let text = try? again.string(), text == key else { continue }
            let first = TextPlace(of: earlier, in: bytes)
            let same = key.hasSameBytes(as: other) ? "" : " (written in other code points)"
            return error(
                "duplicate key `\(shown(key))`\(same), first at line \(first.line), column \(first.column)", at: place)
        }
        return error("duplicate key `\(shown(key))`", at: place)
    }

    /// A key in a message: one line, not long.
    private func shown(_ key: String) -> String {
        String(JSON.string(String(key.prefix(64))).canonicalText.dropFirst().dropLast())
    }

    func unexpected(_ wanted: String) -> JSONError {
        guard let byte = current else { return error("\(wanted), but the text ends", at: position) }
        if byte > 0x20, byte < 0x7F { return error("\(wanted), found `\(Unicode.Scalar(byte))`", at: position) }
        return error("\(wanted), found byte 0x\(String(byte, radix: 16))", at: position)
    }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }
}

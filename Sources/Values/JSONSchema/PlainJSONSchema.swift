/// Most schemas: objects, lists, words and numbers with their bounds, and nothing that refers to something else. Each of
/// their keywords is right or wrong by itself, and so they are looked over as the text that they are.
struct PlainJSONSchema {
    private let text: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var left = JSONSchema.Limits.nodes / 2

    /// Far below what is allowed, so that where this ends the compiler says why.
    private static let depth = 32

    /// Whether the schema is one of these, and right. False tells nothing: then the compiler has to look.
    static func isSound(_ json: JSON) -> Bool { json.canonicalBytes.withUnsafeBufferPointer { isSound($0) } }

    /// - Parameter canonical: canonical JSON
    static func isSound(_ canonical: UnsafeBufferPointer<UInt8>) -> Bool {
        var schema = PlainJSONSchema(text: canonical)
        return schema.schema(depth: 0) && schema.position == canonical.count
    }

    private init(text: UnsafeBufferPointer<UInt8>) {
        self.text = text
    }

    /// 0 at the end, which stands nowhere in JSON.
    private var current: UInt8 { position < text.count ? text[position] : 0 }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }

    private mutating func schema(depth: Int) -> Bool {
        left -= 1
        guard left > 0, depth < Self.depth else { return false }
        guard current == UInt8(ascii: "{") else { return bool() }
        return object { schema, key in schema.keyword(key, depth) }
    }

    private mutating func object(_ member: (inout PlainJSONSchema, UnsafeBufferPointer<UInt8>) -> Bool) -> Bool {
        guard take(UInt8(ascii: "{")) else { return false }
        if take(UInt8(ascii: "}")) { return true }
        repeat {
            guard let key = string(), take(UInt8(ascii: ":")), member(&self, key) else { return false }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}"))
    }

    private mutating func list(_ item: (inout PlainJSONSchema) -> Bool) -> Bool {
        guard take(UInt8(ascii: "[")) else { return false }
        if take(UInt8(ascii: "]")) { return true }
        repeat {
            guard item(&self) else { return false }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "]"))
    }

    private mutating func keyword(_ key: UnsafeBufferPointer<UInt8>, _ depth: Int) -> Bool {
        switch key.count {
        case 4 where key.equals("type"):
            guard let name = string() else { return false }
            return JSONSchemaType(rawValue: String(decoding: name, as: UTF8.self)) != nil
        case 4 where key.equals("enum"): return list { $0.value(depth: depth + 1) }
        case 5 where key.equals("items"), 20 where key.equals("additionalProperties"):
            return schema(depth: depth + 1)
        case 10 where key.equals("properties"):
            return object { schema, _ in schema.schema(depth: depth + 1) }
        case 8 where key.equals("required"): return list { $0.string() != nil }
        case 8 where key.equals("minItems", or: "maxItems"), 9 where key.equals("minLength", or: "maxLength"),
            13 where key.equals("minProperties", or: "maxProperties"):
            return count()
        case 7 where key.equals("minimum", or: "maximum"),
            16 where key.equals("exclusiveMinimum", or: "exclusiveMaximum"):
            return number()
        case 11 where key.equals("uniqueItems"): return bool()
        case 5 where key.equals("title", or: "const"), 6 where key.equals("format"),
            7 where key.equals("default"), 8 where key.equals("examples", or: "readOnly"),
            9 where key.equals("writeOnly"), 10 where key.equals("deprecated"), 11 where key.equals("description"):
            return value(depth: depth + 1)
        default: return false
        }
    }

    private mutating func word(_ word: StaticString) -> Bool {
        let end = position + word.utf8CodeUnitCount
        guard end <= text.count,
            text[position..<end].elementsEqual(
                UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
        else { return false }
        position = end
        return true
    }

    private mutating func bool() -> Bool { word("true") || word("false") }

    /// A text without its quotes; nil for another value.
    private mutating func string() -> UnsafeBufferPointer<UInt8>? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = position
        while position < text.count, text[position] != UInt8(ascii: "\"") {
            position += text[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        let end = position
        guard take(UInt8(ascii: "\"")) else { return nil }
        return UnsafeBufferPointer(rebasing: text[start..<end])
    }

    /// A whole number from 0 that an `Int` holds.
    private mutating func count() -> Bool {
        let start = position
        while current >= UInt8(ascii: "0"), current <= UInt8(ascii: "9") { position += 1 }
        return (1...18).contains(position - start) && (current == UInt8(ascii: ",") || current == UInt8(ascii: "}"))
    }

    private mutating func number() -> Bool {
        let start = position
        while true {
            switch current {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
                UInt8(ascii: "e"):
                position += 1
            default: return position > start
            }
        }
    }

    /// Whatever it is.
    private mutating func value(depth: Int) -> Bool {
        guard depth < Self.depth else { return false }
        switch current {
        case UInt8(ascii: "\""): return string() != nil
        case UInt8(ascii: "{"): return object { schema, _ in schema.value(depth: depth + 1) }
        case UInt8(ascii: "["): return list { $0.value(depth: depth + 1) }
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return bool()
        case UInt8(ascii: "n"): return word("null")
        default: return number()
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate func equals(_ word: StaticString, or other: StaticString) -> Bool { equals(word) || equals(other) }

    fileprivate func equals(_ word: StaticString) -> Bool {
        count == word.utf8CodeUnitCount && elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: count))
    }
}

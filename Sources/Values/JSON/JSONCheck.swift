/// Looks once over a text that should be JSON, without making values of it: several times faster than reading it.
///
/// It never says yes where `JSONReader` would say no. Where it says no the reader has the last word: this one gives up on
/// what is rare (keys that are not plain ASCII, objects with very many of them) and has no messages.
struct JSONCheck {
    /// A member of the outermost object: where the text of its key and of its value stand.
    struct Member {
        let key: Range<Int>
        let value: Range<Int>
    }

    private struct Key {
        /// Length, beginning and end: another one means another key.
        let mark: UInt64
        let range: Range<Int>
    }

    private let bytes: UnsafeRawBufferPointer
    private let limits: JSONLimits
    private var position = 0
    private var nodes = 0
    /// Whether a byte of a string is beyond ASCII.
    private var isWide = false
    /// Of the objects that are open, the innermost last.
    private var keys: [Key] = []
    private var members: [Member] = []

    /// Objects with more of them are left to the reader, which looks them up by hash.
    private static let keyLimit = 256

    private init(_ bytes: UnsafeRawBufferPointer, _ limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
        keys.reserveCapacity(64)
    }

    /// The members of the outermost object, none where it is something else; `nil` where only the reader can tell.
    static func members(of bytes: [UInt8], _ limits: JSONLimits) -> [Member]? {
        bytes.withUnsafeBytes { bytes in
            var check = JSONCheck(bytes, limits)
            return check.document() ? check.members : nil
        }
    }

    private mutating func document() -> Bool {
        guard bytes.count <= limits.bytes else { return false }
        skipSpace()
        guard value(depth: 0) else { return false }
        skipSpace()
        guard position == bytes.count else { return false }
        return !isWide || String(validating: bytes.bindMemory(to: UInt8.self), as: UTF8.self) != nil
    }

    /// 0 at the end, which stands nowhere in JSON.
    private var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private mutating func value(depth: Int) -> Bool {
        nodes += 1
        guard nodes <= limits.nodes else { return false }
        switch current {
        case UInt8(ascii: "{"): return object(depth: depth)
        case UInt8(ascii: "["): return array(depth: depth)
        case UInt8(ascii: "\""): return string() != nil
        case UInt8(ascii: "t"): return word("true")
        case UInt8(ascii: "f"): return word("false")
        case UInt8(ascii: "n"): return word("null")
        default: return number()
        }
    }

    private mutating func array(depth: Int) -> Bool {
        guard depth < limits.depth else { return false }
        position += 1
        skipSpace()
        if skip(UInt8(ascii: "]")) { return true }
        while true {
            skipSpace()
            guard value(depth: depth + 1) else { return false }
            skipSpace()
            if skip(UInt8(ascii: ",")) { continue }
            return skip(UInt8(ascii: "]"))
        }
    }

    private mutating func object(depth: Int) -> Bool {
        guard depth < limits.depth else { return false }
        position += 1
        skipSpace()
        if skip(UInt8(ascii: "}")) { return true }
        let first = keys.count
        while true {
            skipSpace()
            guard current == UInt8(ascii: "\""), let key = string(), key.isPlain, isNew(key.range, since: first) else {
                return false
            }
            skipSpace()
            guard skip(UInt8(ascii: ":")) else { return false }
            skipSpace()
            let start = position
            guard value(depth: depth + 1) else { return false }
            if depth == 0 { members.append(Member(key: key.range, value: start..<position)) }
            skipSpace()
            if skip(UInt8(ascii: ",")) { continue }
            keys.removeSubrange(first...)
            return skip(UInt8(ascii: "}"))
        }
    }

    /// Remembers the key, if the object that is open has it not yet.
    private mutating func isNew(_ range: Range<Int>, since first: Int) -> Bool {
        guard keys.count - first < Self.keyLimit else { return false }
        let key = Key(mark: mark(of: range), range: range)
        let isKnown = keys.withUnsafeBufferPointer { keys in
            for place in first..<keys.count where keys[place].mark == key.mark {
                let other = keys[place].range
                if other.count == range.count, bytes[other].elementsEqual(bytes[range]) { return true }
            }
            return false
        }
        if !isKnown { keys.append(key) }
        return !isKnown
    }

    private func mark(of range: Range<Int>) -> UInt64 {
        var mark = UInt64(truncatingIfNeeded: range.count)
        if range.count >= 8 {
            let head = bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: UInt64.self)
            let tail = bytes.loadUnaligned(fromByteOffset: range.upperBound - 8, as: UInt64.self)
            return (mark &* 0x9E37_79B9_7F4A_7C15) ^ head ^ (tail &* 0xC2B2_AE3D_27D4_EB4F)
        }
        for byte in bytes[range] { mark = mark << 8 | UInt64(byte) }
        return mark
    }

    /// The position is at its opening quote.
    private mutating func string() -> (range: Range<Int>, isPlain: Bool)? {
        position += 1
        let start = position
        var isPlain = true
        while true {
            skipPlain()
            switch current {
            case UInt8(ascii: "\""):
                let range = start..<position
                position += 1
                return (range, isPlain)
            case UInt8(ascii: "\\"):
                isPlain = false
                guard escape() else { return nil }
            case 0x80...:
                isPlain = false
                isWide = true
                position += 1
            default:
                // A control character, or the end.
                return nil
            }
        }
    }

    /// Goes over what needs no look, eight bytes at a time.
    private mutating func skipPlain() {
        let low: UInt64 = 0x0101_0101_0101_0101
        let high: UInt64 = 0x8080_8080_8080_8080
        while position + 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            let quote = word ^ (low &* 0x22)
            let backslash = word ^ (low &* 0x5C)
            // The high bit of each byte that is below 0x20, one of the two characters, or beyond ASCII; a borrow can
            // only mark more of them.
            let marked =
                ((word &- (low &* 0x20)) | (quote &- low) | (backslash &- low) | word) & high
            guard marked == 0 else { break }
            position += 8
        }
        while position < bytes.count {
            switch bytes[position] {
            case 0x22, 0x5C, 0..<0x20, 0x80...: return
            default: position += 1
            }
        }
    }

    /// The position is at a backslash.
    private mutating func escape() -> Bool {
        position += 1
        let letter = current
        position += 1
        switch letter {
        case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: return true
        case UInt8(ascii: "u"):
            guard let unit = fourHexDigits(), unit != 0 || limits.allowsNUL else { return false }
            guard 0xD800..<0xE000 ~= unit else { return true }
            guard unit < 0xDC00, skip(UInt8(ascii: "\\")), skip(UInt8(ascii: "u")), let second = fourHexDigits() else {
                return false
            }
            return 0xDC00..<0xE000 ~= second
        default: return false
        }
    }

    private mutating func fourHexDigits() -> UInt32? {
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = current
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46: value = value << 4 | UInt32(byte - 0x41 + 10)
            case 0x61...0x66: value = value << 4 | UInt32(byte - 0x61 + 10)
            default: return nil
            }
            position += 1
        }
        return value
    }

    private mutating func number() -> Bool {
        let start = position
        var isWhole = true
        loop: while true {
            switch current {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): break
            case UInt8(ascii: "-") where position == start: break
            case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
                isWhole = false
            default: break loop
            }
            position += 1
        }
        let length = position - start
        guard length > 0 else { return false }
        let digits = bytes[start] == UInt8(ascii: "-") ? start + 1 : start
        if isWhole, length <= 18, digits < position {
            return bytes[digits] != UInt8(ascii: "0") || position == digits + 1
        }
        return JSONNumber(literal: String(decoding: bytes[start..<position], as: UTF8.self)) != nil
    }

    private mutating func word(_ word: StaticString) -> Bool {
        for place in 0..<word.utf8CodeUnitCount where !skip(word.utf8Start[place]) { return false }
        return true
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard current == byte, position < bytes.count else { return false }
        position += 1
        return true
    }
}

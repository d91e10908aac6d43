import CLibGit2

/// The SHA-1 name of a git object.
package struct ObjectID: Sendable, Hashable, Comparable, CustomStringConvertible {
    // Twenty bytes, most significant first, so that comparing the words compares the bytes.
    private let high: UInt64
    private let middle: UInt64
    private let low: UInt32

    /// Twenty zero bytes: git's word for "no object".
    package static let zero = ObjectID(high: 0, middle: 0, low: 0)

    private init(high: UInt64, middle: UInt64, low: UInt32) {
        self.high = high
        self.middle = middle
        self.low = low
    }

    /// Exactly 20 bytes, else `nil`.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 20 else { return nil }
        self.init(twenty: bytes)
    }

    /// Exactly 40 hexadecimal digits of any case, else `nil`.
    package init?(_ text: some StringProtocol) {
        let digits = Array(text.utf8)
        guard digits.count == 40 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(20)
        var pending: UInt8?
        for digit in digits {
            guard let value = Self.value(ofHexDigit: digit) else { return nil }
            if let upper = pending {
                bytes.append(upper << 4 | value)
                pending = nil
            } else {
                pending = value
            }
        }
        self.init(twenty: bytes)
    }

    private init(twenty bytes: some Collection<UInt8>) {
        high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        middle = bytes.dropFirst(8).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes.dropFirst(16).reduce(0) { $0 << 8 | UInt32($1) }
    }

    package var bytes: [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(20)
        for shift in stride(from: 56, through: 0, by: -8) { result.append(UInt8(truncatingIfNeeded: high >> shift)) }
        for shift in stride(from: 56, through: 0, by: -8) { result.append(UInt8(truncatingIfNeeded: middle >> shift)) }
        for shift in stride(from: 24, through: 0, by: -8) { result.append(UInt8(truncatingIfNeeded: low >> shift)) }
        return result
    }

    /// 40 lower-case hexadecimal digits.
    package var text: String {
        let digits = Array("0123456789abcdef".utf8)
        var result: [UInt8] = []
        result.reserveCapacity(40)
        for byte in bytes {
            result.append(digits[Int(byte >> 4)])
            result.append(digits[Int(byte & 15)])
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The first twelve digits, for people.
    package var shortText: String { String(text.prefix(12)) }

    package var description: String { text }

    package static func < (left: ObjectID, right: ObjectID) -> Bool {
        (left.high, left.middle, left.low) < (right.high, right.middle, right.low)
    }

    private static func value(ofHexDigit digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension ObjectID {
    /// The id that git gives a file with these bytes.
    package static func ofBlob(_ bytes: [UInt8]) throws(GitError) -> ObjectID {
        try LibGit2.start()
        var oid = git_oid()
        let status = bytes.withUnsafeBytes { git_odb_hash(&oid, $0.baseAddress, $0.count, GIT_OBJECT_BLOB) }
        guard status == 0 else {
            throw GitError(.io, "cannot hash \(bytes.count) bytes", underlying: LibGit2.lastMessage())
        }
        return ObjectID(oid)
    }

    init(_ oid: git_oid) {
        self = withUnsafeBytes(of: oid.id) { ObjectID(twenty: $0) }
    }

    var oid: git_oid {
        var result = git_oid()
        withUnsafeMutableBytes(of: &result.id) { $0.copyBytes(from: bytes) }
        return result
    }
}

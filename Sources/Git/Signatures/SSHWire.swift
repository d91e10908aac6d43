/// Reads the encoding of ssh (RFC 4251, section 5). Every length is checked; nothing is left over unseen.
struct SSHWire {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) {
        rest = Array(bytes)[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func number() -> UInt32? {
        take(4)?.reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func string() -> ArraySlice<UInt8>? {
        number().flatMap { take(Int($0)) }
    }

    mutating func text() -> String? {
        string().flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// A number without a sign, as bytes without zeros before it.
    mutating func magnitude() -> ArraySlice<UInt8>? {
        guard let bytes = string(), bytes.first.map({ $0 < 0x80 }) ?? true else { return nil }
        return bytes.drop { $0 == 0 }
    }

    static func string(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let count = UInt32(clamping: bytes.count)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) } + bytes
    }
}

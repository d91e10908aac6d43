/// What one TZif file says, checked but not yet laid out in time. Source: RFC 9636 (and RFC 8536 before it).
struct TZif {
    /// A kind of local time: an offset with a name.
    struct LocalType: Hashable {
        /// Seconds east of UTC.
        var offset: Int
        var isDaylight: Bool
        var abbreviation: String
    }

    /// When a local time type begins, in seconds since 1970; strictly ascending.
    var transitions: [(start: Int64, type: Int)] = []
    /// At least one; every index in `transitions` is inside.
    var types: [LocalType] = []
    /// What holds after the last transition.
    var rule: PosixZoneRule?

    /// Offsets beyond 26 hours belong to no clock (RFC 9636 section 3.2 says -89999 to 93599).
    static let offsets = -93_599...93_599

    /// Reads a whole file, version 1 to 4 and, as the RFC asks, any later one. Every count and index is checked.
    init(bytes: [UInt8]) throws(ZoneError) {
        guard bytes.count <= 1 << 18 else { throw ZoneError(message: "its file is over 256 KiB") }
        var cursor = TZifCursor(bytes: bytes)
        var header = try TZifHeader(&cursor)
        if header.version >= 2 {
            // The first block repeats what fits 32 bits; the second one has everything.
            try cursor.skip(header.blockSize(timeSize: 4))
            header = try TZifHeader(&cursor)
            guard header.version >= 2 else { throw ZoneError(message: "its file has two blocks of two versions") }
            try readBlock(header, timeSize: 8, from: &cursor)
            let footer = try cursor.footer()
            if !footer.isEmpty { rule = try PosixZoneRule(footer) }
        } else {
            try readBlock(header, timeSize: 4, from: &cursor)
        }
    }

    private mutating func readBlock(
        _ header: TZifHeader, timeSize: Int, from cursor: inout TZifCursor
    ) throws(ZoneError) {
        guard header.leapCount == 0 else {
            throw ZoneError(message: "its file counts leap seconds: use the zone without right/ before its name")
        }
        var starts: [Int64] = []
        for _ in 0..<header.timeCount {
            let start = try cursor.signed(size: timeSize)
            guard start.magnitude <= 1 << 60, starts.last.map({ $0 < start }) ?? true else {
                throw ZoneError(message: "its file has a transition that is out of order or out of range")
            }
            starts.append(start)
        }
        for start in starts {
            let type = Int(try cursor.byte())
            guard type < header.typeCount else {
                throw ZoneError(message: "its file has a transition to a type that is not there")
            }
            transitions.append((start, type))
        }
        var records: [(offset: Int, isDaylight: Bool, name: Int)] = []
        for _ in 0..<header.typeCount {
            let offset = Int(try cursor.signed(size: 4))
            let daylight = try cursor.byte()
            let name = Int(try cursor.byte())
            guard Self.offsets.contains(offset), daylight <= 1, name < header.nameBytes else {
                throw ZoneError(message: "its file has a type with a wrong offset, flag or name")
            }
            records.append((offset, daylight == 1, name))
        }
        let names = try cursor.take(header.nameBytes)
        for record in records {
            let name = names.dropFirst(record.name).prefix { $0 != 0 }
            guard name.endIndex < names.endIndex, name.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw ZoneError(message: "its file has an abbreviation that does not end or is not plain ASCII")
            }
            types.append(
                LocalType(
                    offset: record.offset, isDaylight: record.isDaylight,
                    abbreviation: String(decoding: name, as: UTF8.self)))
        }
        // Whether transitions were given in standard or universal time matters to nobody who has a footer.
        try cursor.skip(header.standardCount + header.universalCount)
    }
}

/// The header of a TZif block, its counts within bounds (RFC 9636 section 3.1).
private struct TZifHeader {
    var version: Int
    var universalCount: Int
    var standardCount: Int
    var leapCount: Int
    var timeCount: Int
    var typeCount: Int
    var nameBytes: Int

    init(_ cursor: inout TZifCursor) throws(ZoneError) {
        guard try cursor.take(4).elementsEqual("TZif".utf8) else {
            throw ZoneError(message: "its file is not in the TZif format")
        }
        let mark = try cursor.byte()
        guard mark == 0 || mark >= UInt8(ascii: "2") && mark <= UInt8(ascii: "9") else {
            throw ZoneError(message: "its file has an unknown TZif version")
        }
        version = mark == 0 ? 1 : Int(mark - UInt8(ascii: "0"))
        try cursor.skip(15)
        universalCount = try cursor.count(upTo: 256)
        standardCount = try cursor.count(upTo: 256)
        leapCount = try cursor.count(upTo: 4_096)
        timeCount = try cursor.count(upTo: 8_192)
        typeCount = try cursor.count(upTo: 256)
        nameBytes = try cursor.count(upTo: 4_096)
        guard typeCount > 0, nameBytes > 0, universalCount == 0 || universalCount == typeCount,
            standardCount == 0 || standardCount == typeCount
        else { throw ZoneError(message: "its file has counts that do not go together") }
    }

    func blockSize(timeSize: Int) -> Int {
        timeCount * (timeSize + 1) + typeCount * 6 + nameBytes + leapCount * (timeSize + 4)
            + standardCount + universalCount
    }
}

/// Reads bytes from the front and never beyond the end.
private struct TZifCursor {
    private var rest: ArraySlice<UInt8>

    init(bytes: [UInt8]) {
        rest = bytes[...]
    }

    mutating func take(_ count: Int) throws(ZoneError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= rest.count else {
            throw ZoneError(message: "its file is cut short at byte \(rest.endIndex)")
        }
        let taken = rest.prefix(count)
        rest = rest.dropFirst(count)
        return taken
    }

    mutating func skip(_ count: Int) throws(ZoneError) {
        _ = try take(count)
    }

    mutating func byte() throws(ZoneError) -> UInt8 {
        guard let first = try take(1).first else { throw ZoneError(message: "its file is cut short") }
        return first
    }

    /// A big-endian number in two's complement of 4 or 8 bytes.
    mutating func signed(size: Int) throws(ZoneError) -> Int64 {
        let bits = try take(size).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return size == 4 ? Int64(Int32(truncatingIfNeeded: bits)) : Int64(bitPattern: bits)
    }

    mutating func count(upTo limit: Int) throws(ZoneError) -> Int {
        let value = try take(4).reduce(0) { $0 << 8 | Int($1) }
        guard value <= limit else {
            throw ZoneError(message: "its file has a count of \(value) where at most \(limit) is in order")
        }
        return value
    }

    /// The text between the two newlines at the end (RFC 9636 section 3.3); empty if nothing is known.
    mutating func footer() throws(ZoneError) -> String {
        guard try byte() == UInt8(ascii: "\n"), let end = rest.firstIndex(of: UInt8(ascii: "\n")),
            rest[..<end].count <= 256
        else { throw ZoneError(message: "its file has no footer") }
        return String(decoding: rest[..<end], as: UTF8.self)
    }
}

/// Why a text is not JSON that Writ reads, and where.
package struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    package let message: String
    /// Bytes before the place, from 0.
    package let offset: Int
    /// From 1. Lines end in LF, CR LF or CR.
    package let line: Int
    /// From 1, in Unicode scalars.
    package let column: Int

    init(_ message: String, at offset: Int, in bytes: [UInt8]) {
        let place = TextPlace(of: offset, in: bytes)
        self.message = message
        self.offset = offset
        self.line = place.line
        self.column = place.column
    }

    /// `line 1, column 5: …`
    package var description: String { "line \(line), column \(column): \(message)" }
}

/// A line and a column, both from 1; columns in Unicode scalars.
struct TextPlace: Sendable, Hashable {
    var line = 1
    var column = 1

    /// The place of the byte at `offset`.
    init(of offset: Int, in bytes: some Collection<UInt8>) {
        var previous: UInt8 = 0
        for byte in bytes.prefix(offset) {
            switch byte {
            case UInt8(ascii: "\n") where previous == UInt8(ascii: "\r"):
                break
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                line += 1
                column = 1
            case 0x80..<0xC0:
                break
            default:
                column += 1
            }
            previous = byte
        }
    }
}

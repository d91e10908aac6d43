/// Finds the controls that turn the direction of a text around: an editor, and a review on the web, may show what follows
/// them in another order than it is read in, in a comment too (CVE-2021-42574). Marks that only help right-to-left texts
/// along (U+200E, U+200F, U+061C) are left alone, and so is an escape in a double-quoted text, which everybody sees.
package enum BidirectionalControls {
    private static let linesTold = 20

    package static func contains(_ scalar: Unicode.Scalar) -> Bool {
        (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    }

    /// One for each line that holds one, at the first of them.
    static func warnings(in bytes: [UInt8], path: String) -> [Diagnostic] {
        bytes.withUnsafeBufferPointer { warnings(in: $0, path: path) }
    }

    static func warnings(in text: String, path: String) -> [Diagnostic] {
        text.utf8.withContiguousStorageIfAvailable { warnings(in: $0, path: path) }
            ?? warnings(in: Array(text.utf8), path: path)
    }

    private static func warnings(in bytes: UnsafeBufferPointer<UInt8>, path: String) -> [Diagnostic] {
        guard mayHold(bytes) else { return [] }
        let bytes = Array(bytes)
        var warnings: [Diagnostic] = []
        var line = 0
        for offset in bytes.indices {
            guard bytes[offset] == 0xE2, let scalar = control(at: offset, in: bytes) else { continue }
            let mark = TextCheck.mark(of: offset, in: bytes)
            guard mark.line != line else { continue }
            line = mark.line
            warnings.append(warning(scalar, at: Place(path: path, mark: mark)))
            if warnings.count == linesTold { break }
        }
        return warnings
    }

    private static func warning(_ scalar: UInt8, at place: Place) -> Diagnostic {
        Diagnostic(
            .warning, .bidirectionalControl,
            "U+20\(String(scalar, radix: 16, uppercase: true)) turns the direction of the text around: what follows may be"
                + " shown in another order than it is read in", at: place,
            fix: "take it out; in a double-quoted text it can be written so that everybody sees it:"
                + " \"\\u20\(String(scalar, radix: 16, uppercase: true))\"")
    }

    /// `0x2E` of U+202E: U+202A…U+202E and U+2066…U+2069 are those that are told of.
    private static func control(at offset: Int, in bytes: [UInt8]) -> UInt8? {
        guard offset + 2 < bytes.count else { return nil }
        let last = bytes[offset + 2]
        switch (bytes[offset + 1], last) {
        case (0x80, 0xAA...0xAE): return 0x2A + (last - 0xAA)
        case (0x81, 0xA6...0xA9): return 0x66 + (last - 0xA6)
        default: return nil
        }
    }

    /// Without a way out of the loop it takes many bytes at a time.
    private static func mayHold(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var found: UInt8 = 0
        for byte in bytes { found |= byte == 0xE2 ? 1 : 0 }
        return found != 0
    }
}

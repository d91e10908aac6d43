/// Most templates: ASCII text with tags for values and nothing else. In their bytes nothing can be wrong but the names.
enum PlainTemplate {
    /// Whether the template is one of these, and right. False tells nothing: then `TemplateScanner` has to look.
    ///
    /// In ASCII each byte is a `Character` but for the two of a CR LF, which are left to it.
    static func isSound(_ text: String) -> Bool {
        var copy = text
        return copy.withUTF8 { isSound($0) }
    }

    static func isSound(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count <= TemplateLimits.source else { return false }
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            guard byte < 0x80, byte != UInt8(ascii: "\r") else { return false }
            guard byte == UInt8(ascii: "{"), index + 1 < bytes.count, bytes[index + 1] == byte else {
                index += 1
                continue
            }
            guard let end = end(ofTagFrom: index + 2, in: bytes) else { return false }
            index = end
        }
        return true
    }

    /// Behind the braces that close it; nil for what is no value's tag.
    private static func end(ofTagFrom start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        var index = start
        skipSpaces(&index, in: bytes)
        while true {
            let name = index
            while index < bytes.count, isNamed(bytes[index]) { index += 1 }
            guard index > name, index < bytes.count else { return nil }
            guard bytes[index] == UInt8(ascii: ".") else { break }
            index += 1
        }
        skipSpaces(&index, in: bytes)
        guard index + 1 < bytes.count, bytes[index] == UInt8(ascii: "}"), bytes[index + 1] == bytes[index] else {
            return nil
        }
        return index + 2
    }

    private static func skipSpaces(_ index: inout Int, in bytes: UnsafeBufferPointer<UInt8>) {
        while index < bytes.count, bytes[index] == UInt8(ascii: " ") { index += 1 }
    }

    /// As `TemplatePath` has it.
    private static func isNamed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

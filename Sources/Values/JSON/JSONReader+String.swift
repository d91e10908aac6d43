extension JSONReader {
    /// Reads a string whose opening quote is at the position.
    mutating func string() throws(JSONError) -> String {
        let opening = position
        position += 1
        let start = position
        var isWide = false
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                let text = isWide ? try text(bytes[start..<position], at: start) : ascii(start..<position)
                position += 1
                return text
            case UInt8(ascii: "\\"):
                return try escapedString(from: start, opening: opening)
            case 0..<0x20:
                throw control(byte)
            default:
                if byte >= 0x80 { isWide = true }
                position += 1
            }
        }
        throw error("this string has no closing quote", at: opening)
    }

    /// Of bytes that are known to be ASCII: nothing of them can be malformed.
    private func ascii(_ range: Range<Int>) -> String {
        bytes.withUnsafeBufferPointer { String(decoding: UnsafeBufferPointer(rebasing: $0[range]), as: UTF8.self) }
    }

    private mutating func escapedString(from start: Int, opening: Int) throws(JSONError) -> String {
        var decoded: [UInt8] = []
        var piece = start
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                decoded += try utf8(bytes[piece..<position], at: piece)
                position += 1
                return String(decoding: decoded, as: UTF8.self)
            case UInt8(ascii: "\\"):
                decoded += try utf8(bytes[piece..<position], at: piece)
                decoded.append(contentsOf: try escape().utf8)
                piece = position
            case 0..<0x20:
                throw control(byte)
            default:
                position += 1
            }
        }
        throw error("this string has no closing quote", at: opening)
    }

    private mutating func escape() throws(JSONError) -> String {
        let start = position
        position += 1
        let letter = current
        position += letter == nil ? 0 : 1
        switch letter {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return String(try codePoint(from: start))
        default: throw error("`\\` must be followed by one of \" \\ / b f n r t u", at: start)
        }
    }

    /// The scalar of `\uXXXX`, or of two that are a surrogate pair. The position is behind `\u`.
    private mutating func codePoint(from start: Int) throws(JSONError) -> Unicode.Scalar {
        let unit = try fourHexDigits(from: start)
        if unit == 0, !limits.allowsNUL { throw error("`\\u0000` is not allowed", at: start) }
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard unit < 0xDC00, current == UInt8(ascii: "\\") else { throw loneSurrogate(start) }
        position += 1
        guard current == UInt8(ascii: "u") else { throw loneSurrogate(start) }
        position += 1
        let low = try fourHexDigits(from: start)
        guard (0xDC00...0xDFFF).contains(low) else { throw loneSurrogate(start) }
        guard let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)) else {
            throw loneSurrogate(start)
        }
        return scalar
    }

    private mutating func fourHexDigits(from start: Int) throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error("`\\u` must be followed by four hexadecimal digits", at: start)
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    private func text(_ slice: ArraySlice<UInt8>, at start: Int) throws(JSONError) -> String {
        guard let text = String(validating: slice, as: UTF8.self) else { throw malformed(slice, at: start) }
        return text
    }

    private func utf8(_ slice: ArraySlice<UInt8>, at start: Int) throws(JSONError) -> ArraySlice<UInt8> {
        guard slice.contains(where: { $0 >= 0x80 }) else { return slice }
        _ = try text(slice, at: start)
        return slice
    }

    private func malformed(_ slice: ArraySlice<UInt8>, at start: Int) -> JSONError {
        var decoder = UTF8()
        var source = slice.makeIterator()
        var offset = start
        while case .scalarValue(let scalar) = decoder.decode(&source) { offset += UTF8.width(scalar) }
        return error("malformed UTF-8", at: offset)
    }

    private func loneSurrogate(_ start: Int) -> JSONError {
        error("half of a surrogate pair without the other half", at: start)
    }

    private func control(_ byte: UInt8) -> JSONError {
        error("control character 0x\(String(byte, radix: 16)) in a string; write it with `\\`", at: position)
    }
}

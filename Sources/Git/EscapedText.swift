/// `text` with everything escaped that could steer a terminal, break a line or hide: control characters as `\x1b`,
/// line separators, bidirectional and zero-width marks as `\u{202e}`. Longer than `limit` scalars is cut with `…`.
package func escapedForDisplay(_ text: String, limit: Int = 1_000) -> String {
    var result = ""
    var count = 0
    for scalar in text.unicodeScalars {
        if count == limit {
            result += "…"
            break
        }
        count += 1
        if scalar.value < 0x20 || scalar.value == 0x7f {
            result += "\\x" + twoHexDigits(UInt8(scalar.value))
        } else if scalar.value > 0x7f, isInvisible(scalar) {
            result += "\\u{" + String(scalar.value, radix: 16) + "}"
        } else {
            result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// The same for bytes that may not be UTF-8: what cannot be decoded is shown as `\xff`.
package func escapedForDisplay(bytes: some Collection<UInt8>, limit: Int = 1_000) -> String {
    let kept = Array(bytes.prefix(limit))
    if kept.count == bytes.count, let text = String(validating: kept, as: UTF8.self) {
        return escapedForDisplay(text, limit: limit)
    }
    var result = ""
    for byte in kept {
        if byte < 0x20 || byte > 0x7e {
            result += "\\x" + twoHexDigits(byte)
        } else {
            result.unicodeScalars.append(Unicode.Scalar(byte))
        }
    }
    return kept.count == bytes.count ? result : result + "…"
}

/// Controls, separators of lines and paragraphs, and the format marks that reorder or hide text.
func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .format, .surrogate, .privateUse: true
    default: false
    }
}

private func twoHexDigits(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
}

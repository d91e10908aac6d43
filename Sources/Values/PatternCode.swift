import CPCRE2

/// Compiled code of PCRE2 and its bounds.
final class PatternCode: Sendable {
    // PCRE2 never changes compiled code after compiling (pcre2api, "Multithreading"), so threads may share it.
    private nonisolated(unsafe) let code: OpaquePointer

    init(_ text: String) throws(PatternError) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Pattern.patternLimit else {
            throw PatternError(
                message: "the pattern is \(bytes.count) bytes long, more than the \(Pattern.patternLimit) allowed",
                offset: Pattern.patternLimit)
        }
        if bytes.starts(with: "(*".utf8), bytes.count > 2, (0x41...0x5A).contains(bytes[2]) {
            throw PatternError(message: "settings such as `(*…)` at the start are not allowed", offset: 0)
        }
        var number: Int32 = 0
        var offset = 0
        let options = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY
        guard let code = pcre2_compile_8(bytes, bytes.count, options, &number, &offset, nil) else {
            throw PatternError(message: Self.message(number), offset: offset)
        }
        if pcre2_callout_enumerate_8(code, { _, _ in 1 }, nil) != 0 {
            pcre2_code_free_8(code)
            throw PatternError(message: "callouts `(?C…)` are not allowed", offset: 0)
        }
        self.code = code
    }

    deinit {
        pcre2_code_free_8(code)
    }

    func outcome(on subject: String) -> Pattern.Outcome {
        let length = subject.utf8.count
        guard length <= Pattern.subjectLimit else { return .limitExceeded }
        guard let context = pcre2_match_context_create_8(nil) else { return .limitExceeded }
        defer { pcre2_match_context_free_8(context) }
        // PCRE2 counts steps anew from each place where a match may begin: longer texts get fewer for each.
        pcre2_set_match_limit_8(context, UInt32(min(100_000, 50_000_000 / max(length, 1))))
        pcre2_set_depth_limit_8(context, 1000)
        // KiB
        pcre2_set_heap_limit_8(context, 16 << 10)
        guard let data = pcre2_match_data_create_8(1, nil) else { return .limitExceeded }
        defer { pcre2_match_data_free_8(data) }
        var copy = subject
        let result = copy.withUTF8 { pcre2_match_8(code, $0.baseAddress, $0.count, 0, 0, data, context) }
        switch result {
        case 0...: return .match
        case PCRE2_ERROR_NOMATCH: return .noMatch
        default: return .limitExceeded
        }
    }

    private static func message(_ number: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = pcre2_get_error_message_8(number, &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, Int(length))), as: UTF8.self)
    }
}

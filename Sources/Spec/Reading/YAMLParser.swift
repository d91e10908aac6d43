import CLibYAML

/// libyaml's event parser over bytes in memory, one event at a time.
///
/// The event interface is used because the document interface is quadratic in anchors and expands aliases unasked.
struct YAMLParser: ~Copyable {
    enum Event {
        case documentStart(hasDirectives: Bool)
        case documentEnd
        case alias(String)
        case scalar(text: String, anchor: String?, isPlain: Bool, hasTag: Bool)
        case sequenceStart(anchor: String?, hasTag: Bool)
        case mappingStart(anchor: String?, hasTag: Bool)
        case collectionEnd
        case streamEnd
    }

    struct Failure: Error {
        let problem: String
        let problemMark: Mark
        let context: String?
        let contextMark: Mark
    }

    private let parser: UnsafeMutablePointer<yaml_parser_t>

    /// `bytes` must outlive the parser: libyaml keeps a pointer into them.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        precondition(yaml_parser_initialize(parser) == 1, "out of memory")
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    mutating func next() throws(Failure) -> (event: Event, mark: Mark) {
        var raw = yaml_event_t()
        repeat {
            guard yaml_parser_parse(parser, &raw) == 1 else { throw failure() }
        } while raw.type == YAML_STREAM_START_EVENT
        defer { yaml_event_delete(&raw) }
        return (Self.event(raw), Mark(raw.start_mark))
    }

    /// The same as libyaml tells it; whoever asks deletes the event. False where it stumbles.
    mutating func parse(_ event: inout yaml_event_t) -> Bool { yaml_parser_parse(parser, &event) == 1 }

    private static func event(_ raw: yaml_event_t) -> Event {
        switch raw.type {
        case YAML_DOCUMENT_START_EVENT:
            let start = raw.data.document_start
            let hasDirectives =
                start.version_directive != nil || start.tag_directives.start != start.tag_directives.end
            return .documentStart(hasDirectives: hasDirectives)
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_ALIAS_EVENT: return .alias(text(raw.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = raw.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            return .scalar(
                text: String(decoding: bytes, as: UTF8.self), anchor: text(scalar.anchor),
                isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE, hasTag: scalar.tag != nil)
        case YAML_SEQUENCE_START_EVENT:
            let start = raw.data.sequence_start
            return .sequenceStart(anchor: text(start.anchor), hasTag: start.tag != nil)
        case YAML_MAPPING_START_EVENT:
            let start = raw.data.mapping_start
            return .mappingStart(anchor: text(start.anchor), hasTag: start.tag != nil)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return .collectionEnd
        default: return .streamEnd
        }
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private func failure() -> Failure {
        let state = parser.pointee
        return Failure(
            problem: state.problem.map { String(cString: $0) } ?? "out of memory",
            problemMark: Mark(state.problem_mark),
            context: state.context.map { String(cString: $0) },
            contextMark: Mark(state.context_mark))
    }
}

extension Mark {
    init(_ mark: yaml_mark_t) {
        self.init(line: Int(clamping: mark.line) + 1, column: Int(clamping: mark.column) + 1)
    }
}

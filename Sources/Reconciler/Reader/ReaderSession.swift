import Git
import Spec
import Synchronization
import Values

/// The reading process: answers questions about one repository until there are no more.
struct ReaderSession {
    private let output: LineOutput
    private var input: LineInput

    init(input: Int32, output: Int32) {
        self.input = LineInput(input, limit: ReaderLimits.request)
        self.output = LineOutput(output)
    }

    /// Ends where the questions do, or nobody listens any more.
    mutating func run() throws {
        guard case .open(let location, let trustsOwner, let limits)? = try next() else { return }
        guard ProcessLimits.apply(limits) else {
            return try say(.error(ReaderError.Told(description: "the limits of the reading process cannot be set")))
        }
        let watch = ReadWatch(output, limits)
        let reader = RepositoryReader(location: location, trustsOwner: trustsOwner, watch: watch)
        try answer(watch, "the repository") { try reader.facts() }
        while let request = try next() {
            try answer(watch, request.what) {
                switch request {
                case .load(let commit, let directory): try load(reader, commit, directory, limits)
                case .changes(let old, let new, let directory):
                    try send(try reader.changes(from: old, to: new, directory))
                case .read(let commit, let directory, let paths):
                    try send(try reader.read(commit, directory, paths), limits)
                default: try reader.answer(request)
                }
            }
        }
    }

    private mutating func next() throws -> ReaderRequest? {
        guard let line = try input.next() else { return nil }
        return ReaderRequest(try JSON(parsing: line))
    }

    private func answer(_ watch: ReadWatch, _ what: String, _ body: () throws -> JSON) throws {
        watch.beginAnswer(what)
        let message: ReaderMessage
        do {
            message = .result(try body())
        } catch let closed as LineOutput.Closed {
            throw closed
        } catch {
            message = .error(error)
        }
        watch.endAnswer()
        try say(message)
    }

    private func say(_ message: ReaderMessage) throws {
        try output.put(message.json.canonicalBytes, flush: true)
    }

    /// Tells of each resource as soon as it is read.
    private func load(
        _ reader: RepositoryReader, _ commit: ObjectID, _ directory: String, _ limits: ReaderLimits
    ) throws -> JSON {
        let left = Mutex(limits.answer)
        let loaded = try reader.load(
            commit, directory,
            each: { manifest in
                try left.withLock {
                    let head = ResourceHead(place: manifest.place, renamedFrom: manifest.renamedFrom)
                    try put([head.line, manifest.places.text, manifest.canonical], &$0, limits)
                }
            },
            again: {
                try left.withLock { left in
                    left = limits.answer
                    try put([ReaderMessage.again.json.canonicalBytes], &left, limits)
                }
            })
        var budget = left.withLock { $0 }
        var told: Set<Diagnostic> = []
        for lines in Spread.threads.map(loaded.files[...], by: 512, { $0.map(Self.line) }) {
            try put(lines, &budget, limits)
        }
        for file in loaded.files where !file.diagnostics.isEmpty { told.formUnion(file.diagnostics) }
        for diagnostic in loaded.diagnostics where !told.contains(diagnostic) {
            try put(.diagnostic(diagnostic), &budget, limits)
        }
        return [
            "settings": loaded.settings.json,
            "settingsPlaces": .string(String(decoding: loaded.settingsPlaces.text, as: UTF8.self)),
        ]
    }

    private func send(_ loaded: LoadedFiles, _ limits: ReaderLimits) throws -> JSON {
        var budget = limits.answer
        for resource in loaded.resources { try put(resource, &budget, limits) }
        for file in loaded.files { try put([Self.line(file)], &budget, limits) }
        return ["isSound": .bool(loaded.isSound)]
    }

    /// Nothing where there are more changes than are worth asking for.
    private func send(_ changes: [SnapshotChange]) throws -> JSON {
        guard changes.count <= ReaderLimits.changes else { return ["areKnown": false] }
        for change in changes { try output.put(ReaderMessage.change(change).json.canonicalBytes) }
        return ["areKnown": true]
    }

    private func put(_ resource: Resource, _ budget: inout Int, _ limits: ReaderLimits) throws {
        try put(Self.lines(resource), &budget, limits)
    }

    private func put(_ message: ReaderMessage, _ budget: inout Int, _ limits: ReaderLimits) throws {
        try put([message.json.canonicalBytes], &budget, limits)
    }

    /// - Parameter budget: bytes of the answer that are left
    private func put(_ lines: [[UInt8]], _ budget: inout Int, _ limits: ReaderLimits) throws {
        for line in lines {
            budget -= line.count
            guard budget >= 0, line.count <= ReaderLimits.line else { throw ReaderTrouble.answerTooLong(limits) }
        }
        try output.put(lines)
    }

    /// As the message with it is written, without a value of that: there is one for each file.
    private static func line(_ file: SourceFile) -> [UInt8] {
        var line = Array(#"{"file":"#.utf8)
        file.appendCanonical(to: &line)
        line.append(UInt8(ascii: "}"))
        return line
    }

    private static func lines(_ resource: Resource) -> [[UInt8]] {
        [ResourceHead(resource).line, resource.places.text, resource.manifest.canonicalBytes]
    }
}

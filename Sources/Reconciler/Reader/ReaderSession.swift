import Git
import Spec
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
                guard case .load(let commit, let directory) = request else { return try reader.answer(request) }
                return try send(try reader.load(commit, directory), limits)
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

    private func send(_ loaded: LoadedCatalog, _ limits: ReaderLimits) throws -> JSON {
        var count = 0
        func put(_ message: ReaderMessage, _ manifest: [UInt8]? = nil) throws {
            let line = message.json.canonicalBytes
            count += line.count + (manifest?.count ?? 0)
            guard count <= limits.answer, (manifest?.count ?? 0) <= ReaderLimits.line else {
                throw ReaderTrouble.answerTooLong(limits)
            }
            if let manifest { try output.put(line, manifest) } else { try output.put(line) }
        }
        for resource in loaded.catalog.resources {
            try put(.resource(ResourceHead(resource)), resource.manifest.canonicalBytes)
        }
        for (path, id) in loaded.blobs { try put(.blob(path: path, id: id)) }
        for diagnostic in loaded.diagnostics { try put(.diagnostic(diagnostic)) }
        return [
            "manifestFiles": .number(JSONNumber(loaded.manifestFiles)), "settings": loaded.settings.json,
        ]
    }
}

import Values

/// Puts what single files say together, and finds what is wrong with it as a whole.
struct CatalogAssembly {
    private var files: [SourceFile] = []
    private var diagnostics: [Diagnostic] = []
    private var dropped = 0
    /// Of each document; together only where one is looked for.
    private var references: [[NamedReference]] = []
    private var isEverythingRead = true
    /// Every name that is declared, sound or not, and where first.
    private var declared: [ResourceID: Place] = [:]
    /// Of sound resources that say a former name.
    private var renamed: [ResourceOutline] = []
    private var calls: [ResourceID: [NamedReference]] = [:]
    private var bots = BotCheck()
    private var readable = ReadableBudget()

    mutating func add(_ file: SourceFile, isWhole: Bool = true) {
        var file = file
        tell(file.diagnostics)
        // No more than is told of: what was dropped makes the load invalid anyhow.
        if dropped > 0 { file.diagnostics = [] }
        readable.bound(&file)
        files.append(file)
        if !isWhole { isEverythingRead = false }
    }

    /// Gives back the sound manifests that are new.
    mutating func add(_ reading: FileReading) -> [SoundManifest] {
        add(reading.file, isWhole: reading.isWhole)
        return reading.documents.compactMap { add($0, path: reading.file.path) }
    }

    private mutating func tell(_ more: [Diagnostic]) {
        guard !more.isEmpty else { return }
        let room = CatalogLoader.diagnosticsLimit - diagnostics.count
        diagnostics += more.prefix(max(0, room))
        dropped += max(0, more.count - max(0, room))
    }

    private mutating func add(_ document: FileReading.Document, path: String) -> SoundManifest? {
        if !document.references.isEmpty { references.append(document.references) }
        if let id = document.declared {
            let place = Place(path: path, mark: document.nameMark)
            if let first = declared[id] {
                tell([
                    Diagnostic(
                        .error, .duplicateResource, "\(id) is declared twice, first at \(first)", at: place,
                        fix: "rename one of the two, or remove it")
                ])
                return nil
            }
            declared[id] = place
        }
        guard let resource = document.resource else { return nil }
        if resource.outline.renamedFrom != nil { renamed.append(resource.outline) }
        if !resource.outline.calls.isEmpty { calls[resource.outline.id] = resource.outline.calls }
        bots.add(resource.outline)
        return resource.manifest
    }

    /// References to what nothing declares.
    private func dangling(_ spread: Spread) -> [NamedReference] {
        let declared = declared
        return spread.map(references[...], by: 1_024) { some in some.joined().filter { declared[$0.target] == nil } }
            .flatMap(\.self)
    }

    /// - Parameter included: files whose text is part of a manifest
    mutating func finish(
        included: [SourceFile], _ settings: Settings, _ places: Places, _ spread: Spread
    ) -> LoadedSummary {
        tell(
            ReferenceCheck.diagnostics(
                of: dangling(spread), declared: declared, isEverythingRead: isEverythingRead))
        tell(
            ReferenceCycles.diagnostics(of: calls.mapValues { $0.map(\.target) }) { id, target in
                calls[id]?.first { $0.target == target }?.place
            })
        tell(RenameCheck.diagnostics(of: renamed.sorted { $0.id < $1.id }, declared: declared))
        tell(bots.diagnostics)
        if dropped > 0, let place = diagnostics.first?.place {
            diagnostics.append(
                Diagnostic(.error, .tooManyProblems, "\(dropped) more problems are not listed", at: place))
        }
        let read = Set(files.map(\.path))
        files += included.filter { !read.contains($0.path) }
        // Manifests that include one broken file all tell of it.
        let unique = Set(diagnostics).sorted()
        return LoadedSummary(
            files: files.sorted { $0.path < $1.path }, diagnostics: unique, settings: settings,
            settingsPlaces: places)
    }
}

import Values

/// Puts what single files say together, and finds what is wrong with it as a whole.
struct CatalogAssembly {
    private var files: [SourceFile] = []
    private var diagnostics: [Diagnostic] = []
    private var dropped = 0
    private var resources: [Resource] = []
    private var references: [NamedReference] = []
    private var isEverythingRead = true
    /// Every name that is declared, sound or not, and where first.
    private var declared: [ResourceID: Place] = [:]

    mutating func add(_ file: SourceFile, isWhole: Bool = true) {
        var file = file
        tell(file.diagnostics)
        // No more than is told of: what was dropped makes the load invalid anyhow.
        if dropped > 0 { file.diagnostics = [] }
        files.append(file)
        if !isWhole { isEverythingRead = false }
    }

    mutating func add(_ reading: FileReading) {
        add(reading.file, isWhole: reading.isWhole)
        for document in reading.documents { add(document, path: reading.file.path) }
    }

    private mutating func tell(_ more: [Diagnostic]) {
        let room = CatalogLoader.diagnosticsLimit - diagnostics.count
        diagnostics += more.prefix(max(0, room))
        dropped += max(0, more.count - max(0, room))
    }

    private mutating func add(_ document: ManifestDocument, path: String) {
        references += document.references
        if let id = document.declared {
            let place = Place(path: path, mark: document.nameMark)
            if let first = declared[id] {
                tell([
                    Diagnostic(
                        .error, .duplicateResource, "\(id) is declared twice, first at \(first)", at: place,
                        fix: "rename one of the two, or remove it")
                ])
                return
            }
            declared[id] = place
        }
        if let resource = document.resource { resources.append(resource) }
    }

    mutating func finish(included: [SourceFile], _ settings: Settings) -> LoadedCatalog {
        let catalog = Catalog(resources)
        tell(
            ReferenceCheck.diagnostics(
                of: references, declared: Set(declared.keys), isEverythingRead: isEverythingRead))
        tell(ReferenceCycles.diagnostics(of: catalog))
        tell(RenameCheck.diagnostics(of: catalog, declared: declared))
        if dropped > 0, let place = diagnostics.first?.place {
            diagnostics.append(
                Diagnostic(.error, .tooManyProblems, "\(dropped) more problems are not listed", at: place))
        }
        let read = Set(files.map(\.path))
        files += included.filter { !read.contains($0.path) }
        // Manifests that include one broken file all tell of it.
        let unique = Set(diagnostics).sorted()
        return LoadedCatalog(
            catalog: catalog, files: files.sorted { $0.path < $1.path }, diagnostics: unique, settings: settings)
    }
}

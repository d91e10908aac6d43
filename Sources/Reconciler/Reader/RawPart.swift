import Spec

/// A piece of a catalog in the lines in which it came.
enum RawPart {
    case resource(head: [UInt8], places: [UInt8], manifest: [UInt8])
    case file([UInt8])

    static func isResource(_ line: [UInt8]) -> Bool { line.starts(with: resource) }
    static func isFile(_ line: [UInt8]) -> Bool { line.starts(with: file) }

    private static let resource = Array(#"{"resource":"#.utf8)
    private static let file = Array(#"{"file":"#.utf8)

}

/// What such pieces say.
struct CatalogParts: Sendable {
    var resources: [Resource] = []
    var files: [SourceFile] = []

    /// Nil where one is none.
    init?(_ parts: [RawPart]) {
        for part in parts {
            switch part {
            case .resource(let head, let places, let manifest):
                guard case .resource(let head)? = ReaderMessage(line: head),
                    let resource = Resource(
                        reading: manifest, place: head.place, places: Places(text: places),
                        renamedFrom: head.renamedFrom)
                else { return nil }
                resources.append(resource)
            case .file(let line):
                guard case .file(let file)? = ReaderMessage(line: line) else { return nil }
                files.append(file)
            }
        }
    }
}

import Spec
import Synchronization

/// What all resources of a catalog would say as created ones, written on a thread of its own before the plan is there: of a
/// first plan this is nearly all of the text.
package final class CreationTexts: Sendable {
    /// Of a text without colours.
    private let pieces: [Piece]
    let count: Int

    /// Resources that are written in one go.
    static let size = 256

    package init(_ catalog: Catalog) {
        let resources = catalog.resources
        let writer = CreationWriter()
        count = resources.count
        pieces = stride(from: 0, to: resources.count, by: Self.size).map { start in
            Piece(resources[start..<min(start + Self.size, resources.count)], writer)
        }
    }

    /// Writes all of it that nobody has asked for yet.
    package func write() {
        for piece in pieces { _ = piece.written }
    }

    /// - Parameter number: of the piece
    subscript(number: Int) -> Written { pieces[number].written }

    struct Written: Sendable {
        fileprivate let resources: ArraySlice<Resource>
        fileprivate var lines = LineBuffer()
        fileprivate var ranges: [Range<Int>?] = []

        /// Of a resource at a place of the piece; nil where another one stands there, or its fields have to be written one by
        /// one.
        subscript(place: Int, resource: Resource?) -> ArraySlice<UInt8>? {
            guard place < ranges.count, resources[resources.startIndex + place] == resource else { return nil }
            return ranges[place].map { lines.bytes[$0] }
        }
    }

    private final class Piece: Sendable {
        private let resources: ArraySlice<Resource>
        private let writer: CreationWriter
        private let made = Mutex<Written?>(nil)

        init(_ resources: ArraySlice<Resource>, _ writer: CreationWriter) {
            self.resources = resources
            self.writer = writer
        }

        var written: Written {
            made.withLock { made in
                if let made { return made }
                var (written, writer) = (Written(resources: resources), writer)
                for resource in resources {
                    let start = written.lines.bytes.count
                    let isWritten = writer.write(resource, to: &written.lines)
                    written.ranges.append(isWritten ? start..<written.lines.bytes.count : nil)
                }
                made = written
                return written
            }
        }
    }
}

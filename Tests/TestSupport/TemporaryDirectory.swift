import Foundation

/// A directory of its own for one test, removed with everything in it when the last reference goes.
package final class TemporaryDirectory: Sendable {
    /// Absolute, links resolved, without a slash at the end.
    package let path: String

    package init() throws {
        let manager = FileManager.default
        let url = manager.temporaryDirectory.appendingPathComponent("writ-test-" + UUID().uuidString)
        try manager.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.resolvingSymlinksInPath().path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The absolute path of something in here.
    package func path(_ relative: String) -> String { path + "/" + relative }

    /// Writes a file, making the directories above it.
    package func write(_ relative: String, _ text: String) throws { try write(relative, Array(text.utf8)) }

    package func write(_ relative: String, _ bytes: [UInt8]) throws {
        let url = URL(fileURLWithPath: path(relative))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    package func read(_ relative: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path(relative))), as: UTF8.self)
    }

    package func read(bytes relative: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path(relative))))
    }

    /// Removes a file, or a directory with what is in it; nothing happens when there is none.
    package func remove(_ relative: String) throws {
        guard exists(relative) else { return }
        try FileManager.default.removeItem(atPath: path(relative))
    }

    /// Puts the bytes of another file in the place of a file, also where that is read-only.
    package func replace(_ relative: String, withCopyOf other: String) throws {
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path(other))))
        try remove(relative)
        try write(relative, bytes)
    }

    package func makeDirectory(_ relative: String) throws {
        try FileManager.default.createDirectory(atPath: path(relative), withIntermediateDirectories: true)
    }

    /// Makes a symbolic link; `destination` is kept as it is given.
    package func link(_ relative: String, to destination: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path(relative), withDestinationPath: destination)
    }

    package func exists(_ relative: String) -> Bool { FileManager.default.fileExists(atPath: path(relative)) }
}

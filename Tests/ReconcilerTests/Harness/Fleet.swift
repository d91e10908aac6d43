import Foundation
import Git
import TestSupport
import Testing
import Values

/// A configuration repository, and the commands that work on it.
struct Fleet: Sendable {
    let repository: TestRepository
    /// Of every command.
    var environment: [String: String] = [:]

    init(_ files: [String: String] = [:]) throws {
        repository = try TestRepository()
        if !files.isEmpty { try repository.commit(files.mapValues(Optional.some), "Begin") }
    }

    var statePath: String { repository.directory.path(".writ/state.db") }

    /// What the state's file and its log hold.
    func stateBytes() throws -> [UInt8] {
        try [statePath, statePath + "-wal"].flatMap { path in
            FileManager.default.fileExists(atPath: path) ? Array(try Data(contentsOf: URL(fileURLWithPath: path))) : []
        }
    }

    @discardableResult
    func commit(_ files: [String: String?], _ message: String = "Change") throws -> ObjectID {
        try repository.commit(files, message)
    }

    func read(_ path: String) throws -> String { try repository.directory.read(path) }

    /// Commits a file with one text in the place of another.
    @discardableResult
    func edit(_ path: String, _ old: String, _ new: String) throws -> ObjectID {
        let text = try read(path)
        try #require(text.contains(old), "\(path) does not say \(old)")
        return try commit([path: text.replacingOccurrences(of: old, with: new)])
    }

    func writ(_ arguments: String...) async throws -> CommandResult { try await writ(arguments) }

    func writ(_ arguments: [String]) async throws -> CommandResult {
        try await WritBinary.run(arguments, environment: environment, in: repository.path)
    }

    /// Runs a command that must go well, and reads the object that it prints.
    func json(_ arguments: String...) async throws -> JSON {
        let result = try await writ(arguments + ["-o", "json"])
        try #require(result.status == 0, "\(result)")
        return try result.json
    }

    func serve(_ arguments: String...) async throws -> ServeProcess {
        try await ServeProcess.start(arguments, on: self)
    }
}

/// The files of `examples/`.
enum Examples {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("examples").path

    static func files(_ name: String) throws -> [String: String] {
        let directory = "\(root)/\(name)"
        let paths = try #require(FileManager.default.enumerator(atPath: directory)).compactMap { $0 as? String }
        var files: [String: String] = [:]
        for path in paths where !path.hasPrefix("payloads/") {
            guard let bytes = FileManager.default.contents(atPath: "\(directory)/\(path)") else { continue }
            files[path] = String(decoding: bytes, as: UTF8.self)
        }
        return files
    }

    /// A `pull_request` delivery as GitHub sends it.
    static func pullRequest(_ name: String) throws -> [UInt8] {
        let path = "\(root)/\(name)/payloads/pull_request.json"
        return Array(try #require(FileManager.default.contents(atPath: path)))
    }
}

import Foundation
import Git
import Synchronization
import TestSupport
import Testing
import Values

/// Many reads by the reading process, while the branch is forced to unrelated commits, everything is packed anew, and
/// what is not reached any more is thrown away at once. `make race` makes 50,000 of them.
@Suite("Reading while others push, repack and prune", .timeLimit(.minutes(60)))
struct RaceTests {
    /// How many reads there are; `WRIT_RACE_READS` says otherwise.
    private static let reads = ProcessInfo.processInfo.environment["WRIT_RACE_READS"].flatMap { Int($0) } ?? 400
    /// Reads for each push. A read that is hit twice in a row would be a push for every one of them.
    private static let readsForEachPush = 10

    @Test("No read ends with an error (fault B56)")
    func isRead() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        let rewriter = Rewriter(fleet.repository, every: Self.readsForEachPush)
        let reader = try Reader(fleet.repository.path)
        var again = 0
        for number in 0..<Self.reads {
            do {
                try reader.readHead()
            } catch let error as Reader.Failure where error.mayPass {
                // Between learning the head and reading it, that was thrown away: `serve` looks once more.
                again += 1
                try reader.readHead()
            }
            rewriter.read(number + 1)
        }
        let pushes = try rewriter.stop()
        #expect(pushes >= Self.reads / Self.readsForEachPush / 4)
        #expect(again <= pushes)
        print("\(Self.reads) reads during \(pushes) forced pushes, repacks and prunes: \(again) looked twice, 0 errors")
    }
}

extension RaceTests {
    /// Rewrites a repository again and again, on a thread of its own.
    private final class Rewriter: Sendable {
        private struct State {
            var reads = 0
            var pushes = 0
            var isStopped = false
            var failure: (any Error)?
            var hasEnded = false
        }

        private let state = Mutex(State())
        private let test: TestRepository
        /// So many reads are between two pushes.
        private let distance: Int

        init(_ test: TestRepository, every distance: Int) {
            self.test = test
            self.distance = distance
            Thread.detachNewThread { [self] in
                do {
                    try run()
                } catch {
                    state.withLock { $0.failure = error }
                }
                state.withLock { $0.hasEnded = true }
            }
        }

        func read(_ count: Int) {
            state.withLock { $0.reads = count }
            // However busy the machine is, the two stay together.
            wait { $0.pushes * distance * 4 >= count || $0.hasEnded }
        }

        /// How often it did all of it.
        func stop() throws -> Int {
            state.withLock { $0.isStopped = true }
            wait { $0.hasEnded }
            return try state.withLock { state in
                if let failure = state.failure { throw failure }
                return state.pushes
            }
        }

        private func wait(_ condition: (State) -> Bool) {
            while !state.withLock({ condition($0) }) { usleep(500) }
        }

        private func run() throws {
            let repository = try Repository.open(at: test.path)
            let prompt = try test.directory.read("prompts/greeter.md")
            while true {
                let (pushes, next) = state.withLock { ($0.pushes, $0.reads + distance) }
                try push(repository, "\(prompt)\nNumber \(pushes).\n")
                try repository.packTogether {}
                try prune()
                state.withLock { $0.pushes += 1 }
                wait { $0.reads >= next || $0.isStopped }
                if state.withLock({ $0.isStopped }) { return }
            }
        }

        /// Forces the branch to a commit without parents, with a file that is another one each time.
        private func push(_ repository: Repository, _ prompt: String) throws {
            let head = try repository.resolve("main")
            try test.branch("next", at: head)
            let changed = try repository.commit(
                files: ["prompts/greeter.md": Array(prompt.utf8)], message: "Next", author: TestRepository.author,
                time: test.tick(), branch: "next")
            let pushed = try test.writeCommit(tree: try repository.commit(changed).tree)
            try test.directory.remove(".git/refs/heads/next")
            try move(to: pushed)
        }

        /// As git does it: all of the reference or nothing.
        private func move(to id: ObjectID) throws {
            try test.directory.write(".git/next", "\(id)\n")
            try #require(rename(test.directory.path(".git/next"), test.directory.path(".git/refs/heads/main")) == 0)
        }

        /// What is reached was packed: loose objects go, all of them.
        private func prune() throws {
            let objects = test.directory.path(".git/objects")
            for name in try FileManager.default.contentsOfDirectory(atPath: objects) where name.count == 2 {
                try FileManager.default.removeItem(atPath: "\(objects)/\(name)")
            }
        }
    }
}

extension RaceTests {
    /// One reading process, asked and answered line by line.
    private final class Reader {
        struct Failure: Error, CustomStringConvertible {
            let description: String

            /// What a push, a repack or a prune in that moment may be the reason of.
            var mayPass: Bool {
                ["corruptObject", "noSuchRevision", "missingHistory", "io"].contains {
                    description.contains("\"\($0)\"")
                }
            }
        }

        private let process = Process()
        private let input = Pipe()
        private let output = Pipe()
        private var buffer = Data()
        /// Of the last answer.
        private var pieces = 0

        init(_ path: String) throws {
            process.executableURL = URL(fileURLWithPath: try #require(WritBinary.path))
            process.arguments = ["read-source"]
            process.environment = ["PATH": "/usr/bin:/bin"]
            process.standardInput = input
            process.standardOutput = output
            try process.run()
            let limits: JSON = ["memory": 1_073_741_824, "stall": 8_000, "time": 36_000_000, "answer": 536_870_912]
            _ = try ask(["do": "open", "location": .string(path), "trustsOwner": false, "limits": limits])
        }

        deinit { process.terminate() }

        func readHead() throws {
            let head = try ask(["do": "resolveBranch", "branch": "main"])["commit"]?.string ?? ""
            let result = try ask(["do": "load", "commit": .string(head), "directory": ""])
            // The pieces come before the result.
            guard result["settings"] != nil, pieces > 0 else { throw Failure(description: result.canonicalText) }
        }

        private func ask(_ question: JSON) throws -> JSON {
            pieces = 0
            try input.fileHandleForWriting.write(contentsOf: Data(question.canonicalBytes + [0x0A]))
            while true {
                let line = try line()
                if line.starts(with: Array(#"{"result""#.utf8)) {
                    return try JSON(parsing: String(decoding: line, as: UTF8.self))["result"] ?? [:]
                }
                if line.starts(with: Array(#"{"error""#.utf8)) {
                    throw Failure(description: String(decoding: line, as: UTF8.self))
                }
                pieces += 1
            }
        }

        private func line() throws -> Data {
            while true {
                if let end = buffer.firstIndex(of: 0x0A) {
                    let line = Data(buffer[buffer.startIndex..<end])
                    buffer = Data(buffer[(end + 1)...])
                    return line
                }
                let more = output.fileHandleForReading.availableData
                guard !more.isEmpty else { throw Failure(description: "the reading process ended") }
                buffer += more
            }
        }
    }
}

import Agents
import ArgumentParser
import Foundation
import Logging
import Outbound
import Runtime
import Server
import State
import Synchronization
import Values

struct RunNow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run an agent, a trigger or a tool of the applied revision now, and print the answer.",
        discussion: "While `writ serve` holds the state, it does the work and this command waits for it.")

    @Argument(help: "An agent, a trigger or a tool: market-brief, trigger/every-morning, tool/market-news.")
    var target: String

    @Option(name: .shortAndLong, help: "What it is told: text or JSON; - reads standard input")
    var input: String?

    @Option(help: ArgumentHelp("Add the model's answers to this file, for a replay provider", valueName: "file"))
    var record: String?

    @OptionGroup var source: RepositoryOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var secrets: SecretOptions
    @OptionGroup var output: OutputOptions

    /// Longest input, in bytes.
    private static let inputLimit = 1 << 20

    func run() async throws {
        let path = try RecordedState.path(source, state)
        _ = try StateAccess.reader(at: path, toChangeBy: "writ run")
        let told = try input.map(readInput)
        LogFormat.start(nil, level: .error)
        let detail: JSON
        do {
            let store = try StateAccess.store(at: path, command: "writ run")
            detail = try await here(store, told)
        } catch let error as StateError {
            guard case .locked(let holder) = error.code else { throw error }
            guard record == nil else {
                throw CommandFailure(
                    "--record works where `writ serve` does not run; the state is held by \(holder?.description ?? "another process")"
                )
            }
            detail = try await ControlClient(ControlSocket(besideStateAt: path)).run(target, input: told)
        }
        try report(detail)
    }

    /// Does the run in this process.
    private func here(_ store: StateStore, _ told: JSON?) async throws -> JSON {
        let engine = Engine(store, secrets: secrets)
        let lines = Mutex<[String]>([])
        let executor: any RunExecuting =
            record == nil
            ? engine.executor
            : RecordingExecutor(executor: engine.executor) { line in lines.withLock { $0.append(line.text) } }
        let result: Result<String, any Error>
        do {
            let runs = engine.manualRuns
            let now = SystemTime.now()
            var run = try runs.newRun(try runs.target(target), input: told, now)
            // A person is waiting: what went wrong is said at once, not tried again later.
            run.maxAttempts = 1
            // Nobody else works on this state while the lock is held.
            let claimed = try store.start(
                run, event: ManualRuns.event(input: told, now), owner: engine.owner, leaseFor: .seconds(86_400),
                now: now)
            await engine.worker(executor, label: "writ.run").perform(claimed)
            result = .success(claimed.run.id)
        } catch {
            result = .failure(error)
        }
        await engine.client.shutdown()
        defer { try? store.close() }
        let id = try result.get()
        guard let detail = try RunDetail(id, from: store.reader) else {
            throw CommandFailure("the run \(id) was not recorded")
        }
        if let record { try append(lines.withLock { $0 }, to: record) }
        return Shapes.run(detail)
    }

    private func report(_ detail: JSON) throws {
        if try output.isJSON {
            output.print(detail)
        } else if let text = detail["output"]?.string {
            Terminal.result(text)
        }
        let state = detail["state"]?.string ?? "unknown"
        let model = detail["model"]?.string.map { ", model \($0)" } ?? ""
        let tokens = detail["tokens"]?["total"]?.int.map { ", \($0) tokens" } ?? ""
        output.talk("\(detail["id"]?.string ?? "run") \(state)\(model)\(tokens)")
        let waiting = (detail["deliveries"]?.array ?? []).count { $0["state"]?.string == "queued" }
        if waiting > 0 {
            output.talk("\(waiting == 1 ? "1 delivery waits" : "\(waiting) deliveries wait") for `writ serve`")
        }
        guard state == RunState.succeeded.rawValue else {
            if let error = detail["error"]?.string { Terminal.talk("writ: error: \(error)") }
            throw ExitCode.failure
        }
    }

    /// A JSON object or list is taken as such, everything else as text.
    private func readInput(_ text: String) throws -> JSON {
        var bytes = Array(text.utf8)
        if text == "-" {
            bytes = Array(try FileHandle.standardInput.read(upToCount: Self.inputLimit + 1) ?? Data())
        }
        guard bytes.count <= Self.inputLimit else {
            throw CommandFailure("the input is over \(Self.inputLimit >> 20) MiB")
        }
        if let json = try? JSON(parsing: bytes), json.object != nil || json.array != nil { return json }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure("the input is not UTF-8 text")
        }
        return .string(text)
    }

    private func append(_ lines: [String], to path: String) throws {
        guard let file = fopen(path, "a") else {
            throw CommandFailure("cannot write \(path): \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        for line in lines where fputs(line + "\n", file) < 0 {
            throw CommandFailure("cannot write \(path): \(String(cString: strerror(errno)))")
        }
        output.talk("\(lines.count) \(lines.count == 1 ? "answer" : "answers") added to \(path)")
    }
}

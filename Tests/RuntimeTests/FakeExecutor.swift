import Agents
import Runtime
import State
import Synchronization
import Values

/// Does what a test says; what it was given can be looked at.
final class FakeExecutor: RunExecuting {
    typealias Work = @Sendable (RunWork, any StepRecorder) async throws -> RunResult

    private let work: Work
    private let seen = Mutex<[RunWork]>([])
    private let saturated = Mutex<Set<String>>([])

    init(_ work: @escaping Work) {
        self.work = work
    }

    /// Answers at once.
    static func answering(_ result: RunResult) -> FakeExecutor { FakeExecutor { _, _ in result } }

    var works: [RunWork] { seen.withLock { $0 } }

    /// Makes calls of these providers, and of no others, wait for one another.
    func saturate(_ providers: Set<String>) { saturated.withLock { $0 = providers } }

    func isSaturated(provider: String) -> Bool { saturated.withLock { $0.contains(provider) } }

    func execute(_ work: RunWork, recorder: any StepRecorder) async -> RunResult {
        seen.withLock { $0.append(work) }
        do {
            return try await self.work(work, recorder)
        } catch {
            return .failure("\(error)", isRetryable: true)
        }
    }
}

extension RunResult {
    static func success(_ output: String) -> RunResult {
        .succeeded(output: output, usage: RunUsage(tokensIn: 10, tokensOut: 5))
    }

    static func failure(
        _ error: String, isRetryable: Bool, reason: RunReason = .provider, retryAfter: Duration? = nil
    ) -> RunResult {
        .failed(
            error: error, reason: reason, isRetryable: isRetryable, retryAfter: retryAfter,
            usage: RunUsage(tokensIn: 1))
    }
}

/// Holds work until a test lets it go on. Cancellation lets go as well.
final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, waiting: Int)>((false, 0))

    var waiting: Int { state.withLock { $0.waiting } }

    func open() { state.withLock { $0.isOpen = true } }

    func pass() async throws {
        state.withLock { $0.waiting += 1 }
        defer { state.withLock { $0.waiting -= 1 } }
        while !state.withLock({ $0.isOpen }) { try await Task.sleep(for: .milliseconds(2)) }
    }
}

import Synchronization

/// The branch that `serve` follows: the one that it was told, else the one that HEAD is on when it begins. Who checks out
/// another one in that working tree says nothing about what is to be applied. Where HEAD is on no branch, HEAD is
/// followed.
final class FollowedBranch: Sendable {
    private enum Choice {
        case undecided
        case branch(String)
        case head
    }

    private let choice: Mutex<Choice>

    init(_ asked: String?) {
        choice = Mutex(asked.map(Choice.branch) ?? .undecided)
    }

    /// Nil for HEAD, and before that could be read.
    var name: String? {
        choice.withLock { choice in
            if case .branch(let name) = choice { name } else { nil }
        }
    }

    /// Which it is by now.
    ///
    /// - Parameters:
    ///   - headBranch: asked as long as nobody knows
    ///   - onChoice: is told once, with nil for HEAD
    func settle(_ headBranch: () throws -> String?, onChoice: (String?) -> Void) throws -> String? {
        try choice.withLock { choice in
            switch choice {
            case .branch(let name): return name
            case .head: return nil
            case .undecided:
                let name = try headBranch()
                choice = name.map(Choice.branch) ?? .head
                onChoice(name)
                return name
            }
        }
    }
}

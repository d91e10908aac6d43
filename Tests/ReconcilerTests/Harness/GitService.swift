import Foundation
import Git
import HTTPTestSupport
import Synchronization
import TestSupport

/// A repository over git's smart protocol (gitprotocol-http), as far as a fetch needs it, at `/fleet.git`.
final class GitService: Sendable {
    let repository: TestRepository
    /// Who asks has to show this as the password; everybody where it is `nil`.
    private let token: String?
    private let packing = Mutex<Void>(())

    init(_ repository: TestRepository, token: String? = nil) {
        self.repository = repository
        self.token = token
    }

    func answer(_ request: HTTPTestRequest) -> HTTPTestReply {
        if let token {
            let shown = request.values("authorization").contains { value in
                Data(base64Encoded: String(value.dropFirst("Basic ".count)))
                    .map { String(decoding: $0, as: UTF8.self).hasSuffix(":\(token)") } ?? false
            }
            guard shown else {
                return HTTPTestReply(401, headers: [("www-authenticate", #"Basic realm="git""#)], "who are you?")
            }
        }
        do {
            switch request.target {
            case "/fleet.git/info/refs?service=git-upload-pack": return try advertisement()
            case "/fleet.git/git-upload-pack": return try pack(request)
            default: return HTTPTestReply(404, "nothing here")
            }
        } catch {
            return HTTPTestReply(500, "\(error)")
        }
    }

    private func advertisement() throws -> HTTPTestReply {
        let git = repository.repository
        var lines: [String] = []
        let head = try git.headBranch() ?? "main"
        if let id = try? git.resolveBranch(head) { lines.append("\(id.text) HEAD") }
        for branch in try git.branches() {
            lines.append("\(try git.resolveBranch(branch).text) refs/heads/\(branch)")
        }
        let capabilities = "ofs-delta symref=HEAD:refs/heads/\(head) agent=test"
        if lines.isEmpty { lines.append("\(ObjectID.zero.text) capabilities^{}") }
        lines[0] += "\0\(capabilities)"
        let body =
            Self.line("# service=git-upload-pack\n") + "0000" + lines.map { Self.line($0 + "\n") }.joined() + "0000"
        return Self.reply(Array(body.utf8), "application/x-git-upload-pack-advertisement")
    }

    /// All that is reached, whatever the other side has.
    private func pack(_ request: HTTPTestRequest) throws -> HTTPTestReply {
        let type = "application/x-git-upload-pack-result"
        guard request.text.hasSuffix("0009done\n") else { return Self.reply(Array("0008NAK\n".utf8), type) }
        return try packing.withLock { _ in
            try repository.repository.packTogether {}
            let directory = repository.inGitDirectory("objects/pack")
            let names = try FileManager.default.contentsOfDirectory(atPath: repository.directory.path(directory))
            guard let name = names.first(where: { $0.hasSuffix(".pack") }) else { return HTTPTestReply(500, "no pack") }
            return Self.reply(
                Array("0008NAK\n".utf8) + (try repository.directory.read(bytes: "\(directory)/\(name)")), type)
        }
    }

    /// A pkt-line.
    static func line(_ text: String) -> String {
        let length = String(text.utf8.count + 4, radix: 16)
        return String(repeating: "0", count: 4 - length.count) + length + text
    }

    static func reply(_ body: [UInt8], _ type: String) -> HTTPTestReply {
        var reply = HTTPTestReply(
            raw: "HTTP/1.1 200 OK\r\ncontent-type: \(type)\r\ncontent-length: \(body.count)\r\n\r\n", after: .keepAlive)
        reply.bytes += body
        return reply
    }
}

import Values

/// Recorded answers: JSON Lines, one answer a line, blank lines allowed.
package struct Transcript: Sendable {
    /// Where it was read, for messages.
    package let path: String
    private let lines: [Key: [TranscriptLine]]

    private struct Key: Hashable {
        let agent: String
        let step: Int
    }

    private static let byteLimit = 8 << 20
    private static let lineLimit = JSONLimits(bytes: 1 << 20)

    /// Reads a whole transcript; the first wrong line is an error with its number.
    package init(_ bytes: [UInt8], path: String) throws(ProviderError) {
        guard bytes.count <= Self.byteLimit else {
            throw ProviderError(.badTranscript, "\(path) is over \(Self.byteLimit) bytes; split it")
        }
        var lines: [Key: [TranscriptLine]] = [:]
        let texts = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (place, text) in texts.enumerated() {
            guard text.contains(where: { !" \t\r".utf8.contains($0) }) else { continue }
            let line = try Self.line(Array(text), at: "\(path):\(place + 1)")
            lines[Key(agent: line.agent, step: line.step), default: []].append(line)
        }
        self.path = path
        self.lines = lines
    }

    private static func line(_ bytes: [UInt8], at place: String) throws(ProviderError) -> TranscriptLine {
        let json: JSON
        do {
            json = try JSON(parsing: bytes, limits: lineLimit)
        } catch {
            throw ProviderError(
                .badTranscript, "\(place): the line is not JSON: column \(error.column): \(error.message)")
        }
        do {
            return try TranscriptLine(json)
        } catch {
            throw ProviderError(.badTranscript, "\(place): \(error.message)")
        }
    }

    /// The answer recorded for exactly this conversation, else the one for any conversation; of several the last, as a
    /// later recording replaces an earlier one.
    func line(for request: ChatRequest) -> TranscriptLine? {
        guard let candidates = lines[Key(agent: request.agent, step: request.step)] else { return nil }
        let digest = request.digest
        return candidates.last { $0.digest == digest } ?? candidates.last { $0.digest == nil }
    }
}

import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Lines to a pipe, gathered and written together. Lines that are put at once stay together, whoever else writes.
final class LineOutput: Sendable {
    /// The other end went away.
    struct Closed: Error {}

    private let descriptor: Int32
    private let waiting = Mutex<[UInt8]>([])

    private static let chunk = 256 << 10

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    func put(_ line: [UInt8], flush: Bool = false) throws(Closed) { try put([line], flush: flush) }

    func put(_ lines: [[UInt8]], flush: Bool = false) throws(Closed) {
        let isDone = waiting.withLock { bytes in
            for line in lines {
                bytes += line
                bytes.append(0x0A)
            }
            guard flush || bytes.count >= Self.chunk else { return true }
            defer { bytes.removeAll(keepingCapacity: bytes.count <= 2 * Self.chunk) }
            return write(bytes)
        }
        guard isDone else { throw Closed() }
    }

    private func write(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var place = 0
            while place < buffer.count {
                let count = systemWrite(descriptor, buffer.baseAddress.map { $0 + place }, buffer.count - place)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                place += count
            }
            return true
        }
    }

    private func systemWrite(_ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, start, count)
        #else
            Darwin.write(descriptor, start, count)
        #endif
    }
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Lines from a pipe, each of them bounded, with a deadline for each.
struct LineInput {
    enum Failure: Error {
        case outOfTime
        case tooLong
        case io(Int32)
    }

    private let descriptor: Int32
    private let limit: Int
    private var buffer: [UInt8] = []
    private var chunk = [UInt8](repeating: 0, count: 64 << 10)
    /// Where the next line begins, and up to where no line feed was found.
    private var start = 0
    private var searched = 0
    /// Bytes that were read so far.
    private(set) var count = 0

    init(_ descriptor: Int32, limit: Int) {
        self.descriptor = descriptor
        self.limit = limit
    }

    /// Without its line feed; `nil` at the end. A last line that was cut off is left out.
    mutating func next(until deadline: ContinuousClock.Instant? = nil) throws(Failure) -> [UInt8]? {
        while true {
            if let end = lineFeed() {
                let line = Array(buffer[start..<end])
                start = end + 1
                searched = start
                return line
            }
            guard buffer.count - start <= limit else { throw .tooLong }
            guard try fill(until: deadline) else { return nil }
        }
    }

    private mutating func lineFeed() -> Int? {
        let from = searched
        let found = buffer.withUnsafeBytes { bytes -> Int? in
            guard let base = bytes.baseAddress, from < bytes.count,
                let place = memchr(base + from, 0x0A, bytes.count - from)
            else { return nil }
            return UnsafeRawPointer(place) - base
        }
        searched = buffer.count
        return found
    }

    /// False at the end.
    private mutating func fill(until deadline: ContinuousClock.Instant?) throws(Failure) -> Bool {
        if start > 0 {
            buffer.removeSubrange(..<start)
            searched -= start
            start = 0
        }
        while true {
            if let deadline { try wait(until: deadline) }
            let from = descriptor
            let read = chunk.withUnsafeMutableBytes { Self.systemRead(from, $0.baseAddress, $0.count) }
            if read < 0, errno == EINTR { continue }
            guard read >= 0 else { throw .io(errno) }
            buffer += chunk[..<read]
            count += read
            return read > 0
        }
    }

    private func wait(until deadline: ContinuousClock.Instant) throws(Failure) {
        while true {
            let left = ContinuousClock.now.duration(to: deadline).wholeMilliseconds
            guard left > 0 else { throw .outOfTime }
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = poll(&entry, 1, Int32(clamping: left))
            if ready > 0 { return }
            if ready < 0, errno != EINTR { throw .io(errno) }
        }
    }

    private static func systemRead(_ descriptor: Int32, _ start: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, start, count)
        #else
            Darwin.read(descriptor, start, count)
        #endif
    }
}

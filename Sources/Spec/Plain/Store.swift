/// Elements that are written a few at a time and read in place, without asking each time who else holds them: a file is
/// read into a handful of these, and the next file into the same ones.
struct Store<Element: BitwiseCopyable>: ~Copyable {
    private var start: UnsafeMutablePointer<Element>
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int) {
        self.capacity = max(capacity, 16)
        start = .allocate(capacity: self.capacity)
    }

    deinit { start.deallocate() }

    /// Valid until the next element is written.
    var elements: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: start, count: count) }

    func elements(_ range: Range<Int>) -> UnsafeBufferPointer<Element> {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return UnsafeBufferPointer(start: start + range.lowerBound, count: range.count)
    }

    subscript(index: Int) -> Element {
        get {
            precondition(index >= 0 && index < count)
            return start[index]
        }
        set {
            precondition(index >= 0 && index < count)
            start[index] = newValue
        }
    }

    @inline(__always)
    mutating func append(_ element: Element) {
        if count == capacity { grow(by: 1) }
        (start + count).initialize(to: element)
        count += 1
    }

    @inline(__always)
    mutating func append(_ more: UnsafeBufferPointer<Element>) {
        guard let first = more.baseAddress, !more.isEmpty else { return }
        if more.count > capacity - count { grow(by: more.count) }
        (start + count).initialize(from: first, count: more.count)
        count += more.count
    }

    mutating func append(_ more: [Element]) {
        more.withUnsafeBufferPointer { append($0) }
    }

    /// - Parameter size: at most as many as there are
    mutating func cut(to size: Int) {
        precondition(size >= 0 && size <= count)
        count = size
    }

    private mutating func grow(by more: Int) {
        let larger = max(2 * capacity, count + more)
        let moved = UnsafeMutablePointer<Element>.allocate(capacity: larger)
        moved.initialize(from: start, count: count)
        start.deallocate()
        start = moved
        capacity = larger
    }
}

extension Store<UInt8> {
    @inline(__always)
    mutating func append(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Of what is counted, from 0.
    @inline(__always)
    mutating func append(decimal value: Int) {
        forEachDigit(of: value) { append($0) }
    }

    /// As canonical JSON writes a text; false, and half of it written, for one with a NUL.
    mutating func append(quoted text: UnsafeBufferPointer<UInt8>) -> Bool {
        append(UInt8(ascii: "\""))
        defer { append(UInt8(ascii: "\"")) }
        guard Self.needsEscape(text) else {
            append(text)
            return true
        }
        for byte in text {
            switch byte {
            case 0: return false
            case UInt8(ascii: "\n"): append("\\n")
            case UInt8(ascii: "\t"): append("\\t")
            case UInt8(ascii: "\r"): append("\\r")
            case 0x08: append("\\b")
            case 0x0C: append("\\f")
            case 0..<0x20:
                append("\\u00")
                append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
                let digit = byte & 0x0F
                append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                append(UInt8(ascii: "\\"))
                append(byte)
            default: append(byte)
            }
        }
        return true
    }

    /// Without a way out of the loop it takes many bytes at a time.
    private static func needsEscape(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var found: UInt8 = 0
        for byte in text {
            found |= (byte < 0x20 ? 1 : 0) | (byte == 0x22 ? 1 : 0) | (byte == 0x5C ? 1 : 0)
        }
        return found != 0
    }
}

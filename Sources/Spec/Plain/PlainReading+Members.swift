import Values

/// Lists, mappings with keys of the author's own, and values that may be anything.
extension PlainReading {
    /// - Parameter maximum: how many items there may be
    mutating func writeList(_ node: Int, atMost maximum: Int, _ item: PlainWriter) -> Bool {
        guard form(of: node) == .sequence else { return false }
        let end = Int(yaml.nodes[node].next)
        output.append(UInt8(ascii: "["))
        var count = 0
        var next = node + 1
        while next < end {
            if count > 0 { output.append(UInt8(ascii: ",")) }
            guard count < maximum else { return false }
            let outer = enter(index: count, next)
            guard item(next, &self) else { return false }
            leave(outer)
            count += 1
            next = Int(yaml.nodes[next].next)
        }
        output.append(UInt8(ascii: "]"))
        return true
    }

    /// Of keys that are the same to everybody or to nobody; two of one key are unusual.
    mutating func writeMembers(_ node: Int, _ value: PlainWriter) -> Bool {
        guard form(of: node) == .mapping else { return false }
        let end = Int(yaml.nodes[node].next)
        let firstSegment = segments.count
        output.append(UInt8(ascii: "{"))
        var key = node + 1
        while key < end {
            let name = text(of: key)
            guard name.isPlainKey, !name.equals(PlaintextSecrets.plainAnnotation),
                !PlaintextSecrets.mayHoldSecret(key: name)
            else { return false }
            let start = output.count
            guard output.append(quoted: name) else { return false }
            output.append(UInt8(ascii: ":"))
            let outer = enter(key: key, key + 1)
            guard value(key + 1, &self) else { return false }
            leave(outer)
            output.append(UInt8(ascii: ","))
            segments.append(Segment(order: key, start: start, end: output.count))
            key = Int(yaml.nodes[key + 1].next)
        }
        return closeObject(firstSegment) { left, right, reading in
            reading.text(of: left.order).precedes(reading.text(of: right.order))
        }
    }

    /// Plain scalars by YAML's core schema.
    mutating func writeJSON(_ node: Int) -> Bool {
        switch form(of: node) {
        case .quoted: return write(text: node)
        case .plain:
            switch CoreScalar.quickly(text(of: node)) {
            case .text: return write(text: node)
            case .integer:
                output.append(text(of: node))
                return true
            case nil: return writeScalar(CoreScalar(String(decoding: text(of: node), as: UTF8.self)), node)
            }
        case .sequence: return writeList(node, atMost: .max) { $1.writeJSON($0) }
        case .mapping: return writeMembers(node) { $1.writeJSON($0) }
        }
    }

    private mutating func writeScalar(_ scalar: CoreScalar, _ node: Int) -> Bool {
        switch scalar {
        case .null: output.append("null")
        case .bool(let value): if value { output.append("true") } else { output.append("false") }
        case .number(let number): output.append(Array(number.text.utf8))
        case .text: return write(text: node)
        case .unrepresentableNumber: return false
        }
        return true
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// In order of bytes.
    func precedes(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
        for index in 0..<Swift.min(count, other.count) where self[index] != other[index] {
            return self[index] < other[index]
        }
        return count < other.count
    }
}

/// The members of a JSON object, in order of their keys' UTF-8 bytes: the order in which canonical JSON writes them.
///
/// Objects are small and read more often than made, so a sorted list is quicker than a table of hashes, and keys that
/// Swift calls equal (`é` in one code point and in two) stay two keys, as in every other reader.
package struct JSONMembers: Sendable {
    package typealias Member = (key: String, value: JSON)

    private var members: [Member]

    package init() { members = [] }

    /// Of a key that stands in it twice the first one stays.
    package init(_ members: some Sequence<(String, JSON)>) {
        self.init(unsorted: members.map { (key: $0.0, value: $0.1) })
    }

    /// Of a key that stands in it twice the first one stays.
    package init(unsorted members: [Member]) {
        self.members = members
        guard !Self.isSorted(members) else { return }
        // The sort is stable.
        self.members.sort { $0.key.precedesInBytes($1.key) }
        guard !Self.isSorted(self.members) else { return }
        var kept: [Member] = []
        for member in self.members where kept.last?.key.hasSameBytes(as: member.key) != true { kept.append(member) }
        self.members = kept
    }

    package init<Value>(_ dictionary: [String: Value], _ transform: (Value) throws -> JSON) rethrows {
        self.init(try dictionary.map { ($0.key, try transform($0.value)) })
    }

    private static func isSorted(_ members: [Member]) -> Bool {
        for index in members.indices.dropFirst() where !members[index - 1].key.precedesInBytes(members[index].key) {
            return false
        }
        return true
    }

    /// The value under exactly this key; `nil` takes the key away.
    package subscript(key: String) -> JSON? {
        get {
            // A search by halves pays only where there is much to skip.
            guard members.count > 8 else {
                for place in members.indices where members[place].key.hasSameBytes(as: key) {
                    return members[place].value
                }
                return nil
            }
            let place = place(of: key)
            guard place < members.count, members[place].key.hasSameBytes(as: key) else { return nil }
            return members[place].value
        }
        set {
            let place = place(of: key)
            let isThere = place < members.count && members[place].key.hasSameBytes(as: key)
            switch (newValue, isThere) {
            case (let value?, true): members[place].value = value
            case (let value?, false): members.insert((key, value), at: place)
            case (nil, true): members.remove(at: place)
            case (nil, false): break
            }
        }
    }

    /// The first place whose key does not precede this one.
    private func place(of key: String) -> Int {
        // What is built in order is the most frequent case.
        if let last = members.last, last.key.precedesInBytes(key) { return members.count }
        var low = 0
        var high = members.count
        while low < high {
            let middle = low + (high - low) / 2
            if members[middle].key.precedesInBytes(key) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    package var keys: some RandomAccessCollection<String> { members.lazy.map(\.key) }
    package var values: some RandomAccessCollection<JSON> { members.lazy.map(\.value) }

    package func mapValues(_ transform: (JSON) throws -> JSON) rethrows -> JSONMembers {
        var made = JSONMembers()
        made.members = try members.map { (key: $0.key, value: try transform($0.value)) }
        return made
    }

    package func compactMapValues<Value>(_ transform: (JSON) throws -> Value?) rethrows -> [String: Value] {
        var made: [String: Value] = Dictionary(minimumCapacity: count)
        for (key, value) in members { made[key] = try transform(value) }
        return made
    }
}

extension JSONMembers: RandomAccessCollection {
    package var startIndex: Int { members.startIndex }
    package var endIndex: Int { members.endIndex }
    package subscript(position: Int) -> Member { members[position] }
}

extension JSONMembers: Hashable {
    package static func == (left: JSONMembers, right: JSONMembers) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left.members, right.members).allSatisfy {
            $0.key.hasSameBytes(as: $1.key) && $0.value == $1.value
        }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(members.count)
        for member in members {
            member.key.hashBytes(into: &hasher)
            hasher.combine(member.value)
        }
    }
}

extension JSONMembers: ExpressibleByDictionaryLiteral {
    /// Of a key written twice the last one stays.
    package init(dictionaryLiteral elements: (String, JSON)...) { self.init(elements.reversed()) }
}

import Values

/// The quick way to read manifests: from what libyaml tells straight to canonical JSON, with hardly a value in between.
///
/// It takes what is sound and usual. Wherever a manifest is anything else (a mistake, a warning, a text that may be a
/// secret, a rare way to write something) it gives up, and `YAMLReader` and `ManifestReading` read it from the start, who
/// can say what is wrong with it. Both give the same of what both take: `PlainReadingTests` holds them to it.
///
/// One of these reads many files; nothing of one is left when the next begins.
package struct PlainReading: ~Copyable {
    /// Where a member of an object stands in `output`, with the comma behind it.
    struct Segment {
        /// By which members are put in order: of a known field its rank, of a key its node.
        let order: Int
        let start: Int
        let end: Int
    }

    var yaml = PlainYAML()
    private(set) var path = ""
    private(set) var surroundings: FileSurroundings
    /// Canonical JSON of what was read.
    var output = Store<UInt8>(capacity: 8_192)
    /// As `Places` has them, without the bracket that closes the list.
    var places = Store<UInt8>(capacity: 8_192)
    private(set) var references: [NamedReference] = []
    /// How many values lie around the one that is read.
    private var depth = 0
    /// What the names of the value at hand, and of those around it, say about secrets.
    private(set) var names: SecretNames = []
    /// Whether each included file, taken for a template, asks for nothing but what events have.
    private(set) var inclusionsAskForEvents = true

    /// Of the objects that are open: which value stands under each field, and the members that are written.
    var slots = Store<Int>(capacity: 64)
    var segments = Store<Segment>(capacity: 64)
    private var moved = Store<UInt8>(capacity: 4_096)

    init(_ surroundings: SnapshotSurroundings) {
        self.surroundings = FileSurroundings(surroundings)
    }

    mutating func begin(path: String, _ surroundings: FileSurroundings) {
        self.path = path
        self.surroundings = surroundings
    }

    mutating func beginDocument() {
        output.cut(to: 0)
        places.cut(to: 0)
        places.append(UInt8(ascii: "["))
        // The ones before went with their document.
        references = []
        depth = 0
        names = []
        inclusionsAskForEvents = true
        slots.cut(to: 0)
        segments.cut(to: 0)
    }

    // MARK: Values

    func text(of node: Int) -> UnsafeBufferPointer<UInt8> { yaml.text(of: yaml.nodes[node]) }

    func form(of node: Int) -> PlainNode.Form { yaml.nodes[node].form }

    /// Whether a scalar is a text to `ManifestReading.text`, but for a NUL in it.
    func isText(_ node: Int) -> Bool {
        switch form(of: node) {
        case .quoted: true
        case .plain: !CoreScalar.isNullOrBool(text(of: node))
        case .sequence, .mapping: false
        }
    }

    /// What stands under a key of a mapping.
    func child(_ name: StaticString, of mapping: Int) -> Int? {
        let end = Int(yaml.nodes[mapping].next)
        guard form(of: mapping) == .mapping else { return nil }
        var key = mapping + 1
        while key < end {
            let value = key + 1
            if text(of: key).equals(name) { return value }
            key = Int(yaml.nodes[value].next)
        }
        return nil
    }

    /// Whether a list holds something, nothing but scalars, and these are as they are to be.
    func allItems(of list: Int, _ isSound: (UnsafeBufferPointer<UInt8>) -> Bool) -> Bool {
        let end = Int(yaml.nodes[list].next)
        guard form(of: list) == .sequence, end > list + 1 else { return false }
        for item in list + 1..<end {
            guard yaml.nodes[item].isScalar, isSound(text(of: item)) else { return false }
        }
        return true
    }

    // MARK: Writing

    /// Writes a text, where it holds nothing that may be a secret.
    mutating func write(text node: Int) -> Bool {
        let bytes = text(of: node)
        guard !PlaintextSecrets.mayHoldSecret(bytes, names) else { return false }
        return output.append(quoted: bytes)
    }

    /// Notes where a value begins, under its name as canonical JSON writes it, and goes down to it. Gives back what
    /// `leave` takes.
    @inline(__always)
    mutating func enter(quoted name: [UInt8], _ node: Int, _ marks: SecretNames) -> SecretNames {
        beginPlace()
        places.append(name)
        return endPlace(node, marks)
    }

    @inline(__always)
    mutating func enter(index: Int, _ node: Int) -> SecretNames {
        beginPlace()
        places.append(UInt8(ascii: "\""))
        places.append(decimal: index)
        places.append(UInt8(ascii: "\""))
        return endPlace(node, [])
    }

    /// - Parameter key: of plain ASCII without NUL
    mutating func enter(key: Int, _ node: Int) -> SecretNames {
        beginPlace()
        _ = places.append(quoted: text(of: key))
        return endPlace(node, names.contains(.prose) ? [] : SecretNames(of: text(of: key)))
    }

    @inline(__always)
    private mutating func beginPlace() {
        if places.count > 1 { places.append(UInt8(ascii: ",")) }
        places.append(decimal: depth)
        places.append(UInt8(ascii: ","))
    }

    @inline(__always)
    private mutating func endPlace(_ node: Int, _ marks: SecretNames) -> SecretNames {
        let node = yaml.nodes[node]
        places.append(UInt8(ascii: ","))
        places.append(decimal: Int(node.line))
        places.append(UInt8(ascii: ","))
        places.append(decimal: Int(node.column))
        depth += 1
        let outer = names
        names = names.intersection(.prose).union(marks)
        return outer
    }

    @inline(__always)
    mutating func leave(_ outer: SecretNames) {
        depth -= 1
        names = outer
    }

    mutating func note(reference target: ResourceID, at node: Int) {
        if references.isEmpty { references.reserveCapacity(8) }
        references.append(NamedReference(target: target, place: Place(path: path, mark: yaml.nodes[node].mark)))
    }

    /// The text of another file, where there is nothing to say about it.
    mutating func include(_ node: Int) -> PlainInclusion? {
        let bytes = text(of: node)
        guard
            let file = RepositoryFile.resolvePlain(bytes, from: path)
                ?? RepositoryFile.resolve(String(decoding: bytes, as: UTF8.self), from: path),
            // Names that look alike are kept apart by the thorough way.
            file.utf8.allSatisfy({ $0 < 0x80 }), let inclusion = surroundings.includePlain(file)
        else { return nil }
        if !inclusion.asksForEventsAlone { inclusionsAskForEvents = false }
        return inclusion
    }

    /// Members up to which a mapping that is not in order is put into it: what authors name may be very many.
    private static let fewMembers = 64

    /// Puts the members that were written since into the order of their ranks, takes the last comma away, and closes the
    /// object. False for two of one rank, and for many that are not in order.
    mutating func closeObject(_ firstSegment: Int, _ isBefore: (Segment, Segment, borrowing PlainReading) -> Bool)
        -> Bool
    {
        defer { segments.cut(to: firstSegment) }
        guard segments.count > firstSegment else {
            output.append(UInt8(ascii: "}"))
            return true
        }
        var isSorted = true
        for index in firstSegment + 1..<segments.count where !isBefore(segments[index - 1], segments[index], self) {
            isSorted = false
            break
        }
        if !isSorted {
            guard segments.count - firstSegment <= Self.fewMembers, sort(firstSegment, isBefore) else { return false }
            let start = segments.elements(firstSegment..<segments.count).lazy.map(\.start).min() ?? 0
            moved.cut(to: 0)
            for index in firstSegment..<segments.count {
                let segment = segments[index]
                moved.append(output.elements(segment.start..<segment.end))
            }
            output.cut(to: start)
            output.append(moved.elements)
        }
        output[output.count - 1] = UInt8(ascii: "}")
        return true
    }

    /// Few members, mostly in order: by insertion. False for two that are the same.
    private mutating func sort(
        _ first: Int, _ isBefore: (Segment, Segment, borrowing PlainReading) -> Bool
    ) -> Bool {
        for index in first + 1..<segments.count {
            let segment = segments[index]
            var place = index
            while place > first, isBefore(segment, segments[place - 1], self) {
                segments[place] = segments[place - 1]
                place -= 1
            }
            segments[place] = segment
            if place > first, !isBefore(segments[place - 1], segment, self) { return false }
        }
        return true
    }

    // MARK: The exact way

    /// One value read by `ManifestReading`, for types and forms that the quick way leaves to it.
    mutating func writeExactly(_ node: Int, _ read: (Node, ManifestReading) -> JSON?) -> Bool {
        let exact = ManifestReading(path: path, source: .repository(surroundings), depth: depth)
        guard let value = self.node(node), let json = read(value, exact), exact.diagnostics.isEmpty,
            !PlaintextSecrets.mayHoldSecret(json, names)
        else { return false }
        let noted = exact.places.text.dropFirst().dropLast()
        if !noted.isEmpty {
            if places.count > 1 { places.append(UInt8(ascii: ",")) }
            noted.withUnsafeBufferPointer { places.append($0) }
        }
        references += exact.references
        // It may have included a file.
        inclusionsAskForEvents = false
        output.append(json.canonicalBytes)
        return true
    }

    /// Whether a rule that the quick way knows no answer to has nothing to say.
    ///
    /// - Parameter start: where the mapping's canonical JSON begins
    func keeps(_ rule: Rule, _ node: Int, _ start: Int) -> Bool {
        let exact = ManifestReading(path: path, source: .repository(surroundings), depth: depth)
        guard let value = self.node(node),
            let json = try? JSON(parsing: Array(output.elements(start..<output.count)), limits: .ofOwnText)
        else { return false }
        return rule.check(json, value, exact).isEmpty && exact.diagnostics.isEmpty
    }

    /// Nil for what `YAMLReader` may refuse.
    private func node(_ index: Int) -> Node? {
        let plain = yaml.nodes[index]
        switch plain.form {
        case .plain, .quoted:
            return Node(
                .scalar(String(decoding: yaml.text(of: plain), as: UTF8.self), isPlain: plain.form == .plain),
                at: plain.mark)
        case .sequence:
            var items: [Node] = []
            var item = index + 1
            while item < Int(plain.next) {
                guard let node = node(item) else { return nil }
                items.append(node)
                item = Int(yaml.nodes[item].next)
            }
            return Node(.sequence(items), at: plain.mark)
        case .mapping:
            var entries: [Node.Entry] = []
            var keys: Set<String> = []
            var key = index + 1
            while key < Int(plain.next) {
                let name = String(decoding: text(of: key), as: UTF8.self)
                guard text(of: key).isPlainKey, keys.insert(name).inserted, let node = node(key + 1) else { return nil }
                entries.append(Node.Entry(key: name, keyMark: yaml.nodes[key].mark, value: node))
                key = Int(yaml.nodes[key + 1].next)
            }
            return Node(.mapping(entries), at: plain.mark)
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    @inline(__always)
    func equals(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        return elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: count))
    }

    /// ASCII without NUL: two such keys are the same to everybody, or to nobody.
    var isPlainKey: Bool {
        for byte in self where byte == 0 || byte >= 0x80 { return false }
        return true
    }
}

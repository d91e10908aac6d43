import Crypto
import Git

/// A pack and its index, made byte by byte (gitformat-pack): what stands in them need not be true.
package struct RawPack {
    package enum Content {
        case object(ObjectKind, [UInt8])
        /// What to do with the entry before at this number; see `copying(_:times:)`.
        case delta(base: Int, [UInt8])
    }

    private let entries: [(id: ObjectID, content: Content)]

    package init(_ entries: [(id: ObjectID, content: Content)]) { self.entries = entries }

    /// The id that an object has.
    package static func id(_ kind: ObjectKind, _ bytes: [UInt8]) -> ObjectID {
        let digest = Insecure.SHA1.hash(data: Array("\(kind.rawValue) \(bytes.count)\0".utf8) + bytes)
        return ObjectID(bytes: Array(digest)) ?? .zero
    }

    package static func object(_ kind: ObjectKind, _ bytes: [UInt8]) -> (id: ObjectID, content: Content) {
        (id(kind, bytes), .object(kind, bytes))
    }

    /// A difference that says: all of a base of `size` bytes, this often.
    package static func copying(_ size: Int, times: Int) -> [UInt8] {
        let command: [UInt8] = [0xF0] + [0, 8, 16].map { UInt8(truncatingIfNeeded: size >> $0) }
        return varint(size) + varint(size * times) + Array(repeatElement(command, count: times).joined())
    }

    /// The pack, and the index beside it.
    package var files: (pack: [UInt8], index: [UInt8]) {
        var pack = Array("PACK".utf8) + Self.word(2) + Self.word(entries.count)
        var offsets: [Int] = []
        for entry in entries {
            offsets.append(pack.count)
            switch entry.content {
            case .object(let kind, let bytes):
                pack += Self.head(Self.number(of: kind), bytes.count) + LooseObject.zlib(bytes)
            case .delta(let base, let bytes):
                let distance = pack.count - offsets[base]
                pack += Self.head(6, bytes.count) + Self.distance(distance) + LooseObject.zlib(bytes)
            }
        }
        pack += Array(Insecure.SHA1.hash(data: pack))
        let sorted = zip(entries.map(\.id), offsets).sorted { $0.0 < $1.0 }
        var index: [UInt8] = [0xFF, 0x74, 0x4F, 0x63] + Self.word(2)
        for first in 0...255 { index += Self.word(sorted.count { Int($0.0.bytes[0]) <= first }) }
        for entry in sorted { index += entry.0.bytes }
        for _ in sorted { index += Self.word(0) }
        for entry in sorted { index += Self.word(entry.1) }
        index += pack.suffix(20)
        return (pack, index + Array(Insecure.SHA1.hash(data: index)))
    }

    private static func number(of kind: ObjectKind) -> Int {
        switch kind {
        case .commit: 1
        case .tree: 2
        case .blob: 3
        case .tag: 4
        }
    }

    private static func head(_ type: Int, _ size: Int) -> [UInt8] {
        var rest = size >> 4
        var bytes = [UInt8(type << 4 | size & 15)]
        while rest > 0 {
            bytes[bytes.count - 1] |= 0x80
            bytes.append(UInt8(rest & 0x7F))
            rest >>= 7
        }
        return bytes
    }

    /// How far back an entry's base is.
    private static func distance(_ value: Int) -> [UInt8] {
        var rest = value
        var bytes = [UInt8(rest & 0x7F)]
        while rest > 0x7F {
            rest = (rest >> 7) - 1
            bytes.insert(0x80 | UInt8(rest & 0x7F), at: 0)
        }
        return bytes
    }

    private static func varint(_ value: Int) -> [UInt8] {
        var rest = value
        var bytes: [UInt8] = []
        repeat {
            bytes.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
            rest >>= 7
        } while rest > 0
        return bytes
    }

    private static func word(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}

extension TestRepository {
    /// Puts a pack in; the index may be left out, or be changed before.
    package func write(_ files: (pack: [UInt8], index: [UInt8]?)) throws {
        let name = inGitDirectory("objects/pack/pack-\(String(repeating: "1", count: 40))")
        try directory.write(name + ".pack", files.pack)
        if let index = files.index { try directory.write(name + ".idx", index) }
    }
}

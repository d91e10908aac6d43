import GRDB
import GRDBSQLite
import Values

/// The values of a row in the order of a statement's question marks, all texts in one buffer: they are bound as they lie
/// there, and SQLite makes no copy of each. To be filled anew for every row.
struct RowValues {
    private enum Place {
        case null
        case integer(Int64)
        /// Where it begins in `texts`, and its bytes.
        case text(Int, Int)
        /// In `arrays`.
        case bytes(Int)
        case blob(Int)
    }

    private var places: [Place] = []
    private var texts: [UInt8] = []
    private var arrays: [[UInt8]] = []

    mutating func removeAll() {
        places.removeAll(keepingCapacity: true)
        texts.removeAll(keepingCapacity: true)
        arrays.removeAll(keepingCapacity: true)
    }

    mutating func add(_ number: Int?) {
        places.append(number.map { .integer(Int64($0)) } ?? .null)
    }

    mutating func add(_ instant: Instant?) {
        add(instant.map { Int($0.milliseconds) })
    }

    /// A NUL in it is replaced: others read texts up to their first NUL.
    mutating func add(_ text: String?) {
        guard let text else { return places.append(.null) }
        let start = texts.count
        texts.append(contentsOf: text.withoutNUL.utf8)
        places.append(.text(start, texts.count - start))
    }

    /// UTF-8 without NUL.
    mutating func add(bytes: [UInt8]) {
        places.append(.bytes(arrays.count))
        arrays.append(bytes)
    }

    mutating func add(blob: [UInt8]?) {
        guard let blob else { return places.append(.null) }
        places.append(.blob(arrays.count))
        arrays.append(blob)
    }

    /// Binds all of them and calls `body` while they are where SQLite was told. Returns the first code that is not
    /// `SQLITE_OK`, or what `body` returns.
    func bind(to statement: SQLiteStatement, _ body: () -> Int32) -> Int32 {
        texts.withUnsafeBufferPointer { bind(to: statement, $0, [], body) }
    }

    private func bind(
        to statement: SQLiteStatement, _ texts: UnsafeBufferPointer<UInt8>, _ found: [UnsafeRawBufferPointer],
        _ body: () -> Int32
    ) -> Int32 {
        if found.count < arrays.count {
            return arrays[found.count].withUnsafeBytes { bind(to: statement, texts, found + [$0], body) }
        }
        for (offset, place) in places.enumerated() {
            let number = Int32(offset) + 1
            let code: Int32
            switch place {
            case .null: code = sqlite3_bind_null(statement, number)
            case .integer(let value): code = sqlite3_bind_int64(statement, number, value)
            case .text(let start, let count):
                let text = UnsafeRawBufferPointer(texts)[start..<(start + count)]
                code = Self.bind(UnsafeRawBufferPointer(rebasing: text), number, statement)
            case .bytes(let index): code = Self.bind(found[index], number, statement)
            case .blob(let index):
                code = sqlite3_bind_blob64(
                    statement, number, found[index].baseAddress, UInt64(found[index].count), nil)
            }
            guard code == SQLITE_OK else { return code }
        }
        return body()
    }

    /// `SQLITE_TRANSIENT`
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    private static func bind(_ text: UnsafeRawBufferPointer, _ number: Int32, _ statement: SQLiteStatement) -> Int32 {
        // Without an address it would be NULL, and not the empty text.
        guard let start = text.baseAddress, !text.isEmpty else {
            return sqlite3_bind_text(statement, number, "", 0, copied)
        }
        return sqlite3_bind_text64(
            statement, number, start.assumingMemoryBound(to: CChar.self), UInt64(text.count), nil,
            UInt8(SQLITE_UTF8))
    }
}

import GRDB
import GRDBSQLite

/// Hands on in long pieces what SQLite writes to its log: it does so in two short ones for every page, and the system takes
/// longer over each than over what is in it.
///
/// What SQLite relies on stays. Others are told of a commit's pages only after the log was synced (`sqlite3WalFrames`), and
/// a sync hands on what was gathered first. So does whatever reads the log through this connection. Where that fails, the
/// sync fails, and with it the commit. Only for a connection with `synchronous=FULL`: with less there is no sync then.
enum GatheredLog {
    private typealias File = UnsafeMutablePointer<sqlite3_file>

    /// What the file's methods point to: SQLite's own with some replaced, and what those need.
    private struct Methods {
        /// At the beginning, where SQLite looks.
        var table: sqlite3_io_methods
        let original: UnsafePointer<sqlite3_io_methods>
        let bytes: UnsafeMutableRawPointer
        var count = 0
        /// Where in the file the bytes belong.
        var offset: sqlite3_int64 = 0
    }

    /// SQLite writes no more than 128 KiB less a byte at once (`seekAndWriteFd`): it cuts the rest off, and takes that for a
    /// full disk.
    private static let capacity = 120 << 10

    /// - Parameter db: the connection that writes, in WAL mode, after it has read something
    /// - Returns: false where SQLite does not tell where its log is; it goes on as before then
    @discardableResult
    static func gather(_ db: Database) -> Bool {
        var found: File?
        let code = withUnsafeMutablePointer(to: &found) {
            sqlite3_file_control(db.sqliteConnection, "main", SQLITE_FCNTL_JOURNAL_POINTER, $0)
        }
        guard code == SQLITE_OK, let file = found, let original = file.pointee.pMethods,
            MemoryLayout<Methods>.offset(of: \.table) == 0
        else { return false }
        let methods = UnsafeMutablePointer<Methods>.allocate(capacity: 1)
        methods.initialize(
            to: Methods(
                table: table(like: original.pointee), original: original,
                bytes: .allocate(byteCount: capacity, alignment: MemoryLayout<UInt>.alignment)))
        file.pointee.pMethods = UnsafeRawPointer(methods).assumingMemoryBound(to: sqlite3_io_methods.self)
        return true
    }

    private static func table(like original: sqlite3_io_methods) -> sqlite3_io_methods {
        var table = original
        table.xWrite = { file, bytes, count, offset in
            guard let file, let methods = GatheredLog.methods(of: file), let bytes, count >= 0 else {
                return SQLITE_MISUSE
            }
            return GatheredLog.write(UnsafeRawBufferPointer(start: bytes, count: Int(count)), at: offset, file, methods)
        }
        table.xRead = { file, bytes, count, offset in
            GatheredLog.flushed(file) { $1.xRead($0, bytes, count, offset) }
        }
        table.xSync = { file, flags in GatheredLog.flushed(file) { $1.xSync($0, flags) } }
        table.xTruncate = { file, size in GatheredLog.flushed(file) { $1.xTruncate($0, size) } }
        table.xFileSize = { file, size in GatheredLog.flushed(file) { $1.xFileSize($0, size) } }
        table.xClose = { file in
            guard let file, let methods = GatheredLog.methods(of: file) else { return SQLITE_MISUSE }
            // What is left is of no commit.
            let original = methods.pointee.original
            file.pointee.pMethods = original
            methods.pointee.bytes.deallocate()
            methods.deallocate()
            return original.pointee.xClose(file)
        }
        return table
    }

    private static func methods(of file: File) -> UnsafeMutablePointer<Methods>? {
        UnsafeMutableRawPointer(mutating: file.pointee.pMethods)?.assumingMemoryBound(to: Methods.self)
    }

    /// What SQLite's own method gives, after it has everything.
    private static func flushed(_ file: File?, _ body: (File, sqlite3_io_methods) -> Int32) -> Int32 {
        guard let file, let methods = methods(of: file) else { return SQLITE_MISUSE }
        let code = flush(file, methods)
        return code == SQLITE_OK ? body(file, methods.pointee.original.pointee) : code
    }

    private static func write(
        _ piece: UnsafeRawBufferPointer, at offset: sqlite3_int64, _ file: File,
        _ methods: UnsafeMutablePointer<Methods>
    ) -> Int32 {
        let end = methods.pointee.offset + sqlite3_int64(methods.pointee.count)
        if methods.pointee.count == 0 || offset != end || methods.pointee.count + piece.count > capacity {
            let code = flush(file, methods)
            guard code == SQLITE_OK else { return code }
            guard piece.count <= capacity else {
                return methods.pointee.original.pointee.xWrite(file, piece.baseAddress, Int32(piece.count), offset)
            }
            methods.pointee.offset = offset
        }
        UnsafeMutableRawBufferPointer(
            start: methods.pointee.bytes + methods.pointee.count, count: capacity - methods.pointee.count
        ).copyMemory(from: piece)
        methods.pointee.count += piece.count
        return SQLITE_OK
    }

    private static func flush(_ file: File, _ methods: UnsafeMutablePointer<Methods>) -> Int32 {
        let count = methods.pointee.count
        guard count > 0 else { return SQLITE_OK }
        // If it fails the commit does, and nobody asks for these pages any more.
        methods.pointee.count = 0
        return methods.pointee.original.pointee.xWrite(
            file, methods.pointee.bytes, Int32(count), methods.pointee.offset)
    }
}

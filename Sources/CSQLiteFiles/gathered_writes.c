/* Logs of SQLite's that gather writes.

   SQLite writes a transaction to its log in two calls a page. Here what continues the last write is put behind it in
   memory, and goes to the disk in one call: with the last frame of a transaction, and before anything that relies on
   it is done. So what is in the log when SQLite is told that a transaction is there, or that something was synced, cut
   or read, is what would be there without this, and so is every error; only frames before their transaction's last
   one, which no reader looks at, are written later. Those of a transaction that was rolled back are forgotten before
   anybody else may write: behind them another process may have written what is in force.

   Only the log is treated so. The file itself is written by checkpoints, which tell their end and do not ask whether
   that went well: what would be written only then could be lost on a full disk, and the log be thrown away.

   Below is SQLite's own way to files, the "unix" one: locks, shared memory and syncs are its. */
#include "CSQLiteFiles.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* Thirty pages. SQLite's own way takes at most 128 KiB at once. */
enum { capacity = 30 * 4096 };

/* The log (https://www.sqlite.org/fileformat2.html#walformat): a header, then frames of a header and a page each. */
enum { log_header = 32, frame_header = 24 };

/* The lock of shared memory that who writes the log holds (https://www.sqlite.org/walformat.html#wal_locks). */
enum { write_lock = 0 };

typedef struct file file;

struct file {
    sqlite3_file base;
    sqlite3_file *inner;
    int is_log;
    /* Of a database its log, and of a log its database, while both are open. */
    file *other;
    /* Of a log: what waits to be written, and where it begins in the file. */
    unsigned char *bytes;
    int count;
    sqlite3_int64 start;
    /* Where the log ended when something was last put behind it, and whether the page that comes next is the last one
       of its transaction. */
    sqlite3_int64 end;
    int is_last;
};

enum { inner_offset = (sizeof(file) + 15) / 16 * 16 };

static sqlite3_vfs *below;
static sqlite3_vfs gathering;

static sqlite3_file *inner(sqlite3_file *base) { return ((file *)base)->inner; }

/* SQLite takes only one reason for a full disk; a quota that is used up is one as well. */
static int write_below(sqlite3_file *inner, const void *bytes, int count, sqlite3_int64 offset) {
    int code = inner->pMethods->xWrite(inner, bytes, count, offset);
    if (code != SQLITE_IOERR_WRITE) return code;
    int reason = 0;
    inner->pMethods->xFileControl(inner, SQLITE_FCNTL_LAST_ERRNO, &reason);
    return reason == EDQUOT || reason == EFBIG ? SQLITE_FULL : code;
}

static int write_gathered(file *own) {
    int count = own->count;
    if (count == 0) return SQLITE_OK;
    /* Whether or not it succeeds: after a write that failed SQLite lets its transaction do no more than roll back. */
    own->count = 0;
    return write_below(own->inner, own->bytes, count, own->start);
}

static int begin_gathering(file *own, const void *bytes, int count, sqlite3_int64 offset) {
    if (own->bytes == NULL) own->bytes = malloc(capacity);
    if (own->bytes == NULL || count > capacity) return write_below(own->inner, bytes, count, offset);
    memcpy(own->bytes, bytes, (size_t)count);
    own->start = offset;
    own->count = count;
    return SQLITE_OK;
}

/* Returns whether it was put behind what waits. */
static int gather(file *own, const void *bytes, int count, sqlite3_int64 offset) {
    if (own->count == 0 || offset != own->start + own->count || count > capacity - own->count) return 0;
    memcpy(own->bytes + own->count, bytes, (size_t)count);
    own->count += count;
    return 1;
}

/* Frames that are put behind the log are gathered, up to the last one of a transaction. All else goes through: the log's
   own header, and what is written anew within a transaction. */
static int write_log(file *own, const void *bytes, int count, sqlite3_int64 offset) {
    int is_header = count == frame_header;
    if (!gather(own, bytes, count, offset)) {
        int code = write_gathered(own);
        if (code != SQLITE_OK) return code;
        if (offset == 0 && count == log_header) own->end = 0;
        if (is_header && offset >= own->end) {
            code = begin_gathering(own, bytes, count, offset);
        } else {
            code = write_below(own->inner, bytes, count, offset);
        }
        if (code != SQLITE_OK) return code;
    }
    if (offset + count > own->end) own->end = offset + count;
    if (is_header) {
        /* How many pages the database has after the transaction; 0 in all frames but the last. */
        const unsigned char *pages = (const unsigned char *)bytes + 4;
        own->is_last = (pages[0] | pages[1] | pages[2] | pages[3]) != 0;
        return SQLITE_OK;
    }
    return own->is_last ? write_gathered(own) : SQLITE_OK;
}

static int write_file(sqlite3_file *base, const void *bytes, int count, sqlite3_int64 offset) {
    file *own = (file *)base;
    return own->is_log ? write_log(own, bytes, count, offset) : write_below(own->inner, bytes, count, offset);
}

static int read_file(sqlite3_file *base, void *bytes, int count, sqlite3_int64 offset) {
    file *own = (file *)base;
    if (own->count > 0 && offset < own->start + own->count && offset + count > own->start) {
        int code = write_gathered(own);
        /* A transaction may outlive a full disk that it meets where it reads, and would miss what it wrote. */
        if (code == SQLITE_FULL) return WRIT_SQLITE_IOERR_UNWRITTEN;
        if (code != SQLITE_OK) return code;
    }
    return own->inner->pMethods->xRead(own->inner, bytes, count, offset);
}

/* What waits here belongs to no transaction that is in force. */
static int close_file(sqlite3_file *base) {
    file *own = (file *)base;
    if (own->other != NULL) own->other->other = NULL;
    free(own->bytes);
    own->bytes = NULL;
    return own->inner->pMethods->xClose(own->inner);
}

static int truncate_file(sqlite3_file *base, sqlite3_int64 size) {
    file *own = (file *)base;
    if (size < own->end) own->end = size;
    int code = write_gathered(own);
    return code != SQLITE_OK ? code : own->inner->pMethods->xTruncate(own->inner, size);
}

static int sync_file(sqlite3_file *base, int flags) {
    int code = write_gathered((file *)base);
    return code != SQLITE_OK ? code : inner(base)->pMethods->xSync(inner(base), flags);
}

static int size_of(sqlite3_file *base, sqlite3_int64 *size) {
    int code = write_gathered((file *)base);
    return code != SQLITE_OK ? code : inner(base)->pMethods->xFileSize(inner(base), size);
}

static int lock(sqlite3_file *base, int level) { return inner(base)->pMethods->xLock(inner(base), level); }

static int unlock(sqlite3_file *base, int level) { return inner(base)->pMethods->xUnlock(inner(base), level); }

static int check_reserved_lock(sqlite3_file *base, int *is_held) {
    return inner(base)->pMethods->xCheckReservedLock(inner(base), is_held);
}

static int control(sqlite3_file *base, int operation, void *argument) {
    return inner(base)->pMethods->xFileControl(inner(base), operation, argument);
}

static int sector_size(sqlite3_file *base) { return inner(base)->pMethods->xSectorSize(inner(base)); }

static int characteristics(sqlite3_file *base) {
    return inner(base)->pMethods->xDeviceCharacteristics(inner(base));
}

static int map_shared(sqlite3_file *base, int region, int size, int extends, void volatile **memory) {
    return inner(base)->pMethods->xShmMap(inner(base), region, size, extends, memory);
}

static int lock_shared(sqlite3_file *base, int offset, int count, int flags) {
    file *log = ((file *)base)->other;
    int ends_writing = (flags & SQLITE_SHM_UNLOCK) != 0 && offset <= write_lock && write_lock < offset + count;
    /* A transaction that was stored has left nothing here. */
    if (ends_writing && log != NULL) log->count = 0;
    return inner(base)->pMethods->xShmLock(inner(base), offset, count, flags);
}

static void shared_barrier(sqlite3_file *base) { inner(base)->pMethods->xShmBarrier(inner(base)); }

static int unmap_shared(sqlite3_file *base, int deletes) {
    return inner(base)->pMethods->xShmUnmap(inner(base), deletes);
}

static int fetch(sqlite3_file *base, sqlite3_int64 offset, int count, void **page) {
    return inner(base)->pMethods->xFetch(inner(base), offset, count, page);
}

static int unfetch(sqlite3_file *base, sqlite3_int64 offset, void *page) {
    return inner(base)->pMethods->xUnfetch(inner(base), offset, page);
}

/* Of a database nothing waits to be written, and a log has no shared memory and is never mapped. */
static const sqlite3_io_methods methods = {
    .iVersion = 3,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = size_of,
    .xLock = lock,
    .xUnlock = unlock,
    .xCheckReservedLock = check_reserved_lock,
    .xFileControl = control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = map_shared,
    .xShmLock = lock_shared,
    .xShmBarrier = shared_barrier,
    .xShmUnmap = unmap_shared,
    .xFetch = fetch,
    .xUnfetch = unfetch,
};

/* The database that SQLite opens a log of, where it is one of ours. */
static file *database_of(sqlite3_filename log) {
    sqlite3_file *database = sqlite3_database_file_object(log);
    return database != NULL && database->pMethods == &methods ? (file *)database : NULL;
}

static int open_file(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *base, int flags, int *opened) {
    (void)vfs;
    int is_log = (flags & SQLITE_OPEN_WAL) != 0;
    if (!is_log && (flags & SQLITE_OPEN_MAIN_DB) == 0) return below->xOpen(below, name, base, flags, opened);
    /* A log whose writers are not seen is not gathered. */
    file *database = is_log ? database_of(name) : NULL;
    if (is_log && database == NULL) return below->xOpen(below, name, base, flags, opened);
    file *own = (file *)base;
    memset(own, 0, sizeof(*own));
    own->inner = (sqlite3_file *)((char *)base + inner_offset);
    own->inner->pMethods = NULL;
    int code = below->xOpen(below, name, own->inner, flags, opened);
    /* SQLite closes what has methods, also where opening failed. */
    if (own->inner->pMethods == NULL) return code;
    if (is_log) {
        own->other = database;
        database->other = own;
    } else if (own->inner->pMethods->iVersion < methods.iVersion) {
        /* Without shared memory, as some file systems are used, there is no log. */
        own->inner->pMethods->xClose(own->inner);
        return below->xOpen(below, name, base, flags, opened);
    }
    own->is_log = is_log;
    own->base.pMethods = &methods;
    return code;
}

int writ_sqlite_prepare(void) {
    int counted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    /* What a statement changed before it fails is kept in memory, and in no directory for temporary files. */
    sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, -1);
    int code = sqlite3_initialize();
    if (code != SQLITE_OK) return code;
    below = sqlite3_vfs_find(NULL);
    if (below == NULL) return SQLITE_ERROR;
    gathering = *below;
    gathering.zName = "writ";
    gathering.pNext = NULL;
    gathering.szOsFile = below->szOsFile + inner_offset;
    gathering.xOpen = open_file;
    code = sqlite3_vfs_register(&gathering, 1);
    return code != SQLITE_OK ? code : counted;
}

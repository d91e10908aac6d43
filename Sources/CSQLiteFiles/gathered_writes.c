/* Files of SQLite's that gather writes.

   SQLite writes a transaction to its log in two calls a page, and the log back to the file in one. Here what continues
   the last write is put behind it in memory, and goes to the disk in one call: before anything that relies on it is
   done, and at the latest when the last frame of a transaction is there. So what is in the file when SQLite is told that
   something was written, synced, cut or unlocked is what would be there without this, and so is every error; only what
   no reader looks at yet, frames before their transaction's last one and pages of a checkpoint before its end, is
   written later.

   Below is SQLite's own way to files, the "unix" one: locks, shared memory and syncs are its. */
#include "CSQLiteFiles.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* Thirty pages. SQLite's own way takes at most 128 KiB at once. */
enum { capacity = 30 * 4096 };

/* The log (https://www.sqlite.org/fileformat2.html#walformat): a header, then frames of a header and a page each. */
enum { log_header = 32, frame_header = 24 };

typedef struct {
    sqlite3_file base;
    sqlite3_file *inner;
    int is_log;
    /* What waits to be written, and where it begins in the file. */
    unsigned char *bytes;
    int count;
    sqlite3_int64 start;
    /* Of a log: where it ended when something was last put behind it, and whether the page that comes next is the last one
       of its transaction. */
    sqlite3_int64 end;
    int is_last;
} file;

enum { inner_offset = (sizeof(file) + 15) / 16 * 16 };

static sqlite3_vfs *below;
static sqlite3_vfs gathering;

static sqlite3_file *inner(sqlite3_file *base) { return ((file *)base)->inner; }

static int write_gathered(sqlite3_file *base) {
    file *own = (file *)base;
    int count = own->count;
    if (count == 0) return SQLITE_OK;
    /* Whether or not it succeeds: SQLite begins anew where it failed. */
    own->count = 0;
    return own->inner->pMethods->xWrite(own->inner, own->bytes, count, own->start);
}

static int begin_gathering(file *own, const void *bytes, int count, sqlite3_int64 offset) {
    if (own->bytes == NULL) own->bytes = malloc(capacity);
    if (own->bytes == NULL || count > capacity) return own->inner->pMethods->xWrite(own->inner, bytes, count, offset);
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

/* Pages of the database: the log is written back, or there is no log. */
static int write_database(sqlite3_file *base, const void *bytes, int count, sqlite3_int64 offset) {
    file *own = (file *)base;
    if (gather(own, bytes, count, offset)) return SQLITE_OK;
    int code = write_gathered(base);
    return code != SQLITE_OK ? code : begin_gathering(own, bytes, count, offset);
}

/* Frames that are put behind the log are gathered, up to the last one of a transaction. All else goes through: the log's
   own header, and what is written anew within a transaction. */
static int write_log(sqlite3_file *base, const void *bytes, int count, sqlite3_int64 offset) {
    file *own = (file *)base;
    int is_header = count == frame_header;
    int is_gathered = gather(own, bytes, count, offset);
    int code = SQLITE_OK;
    if (!is_gathered) {
        code = write_gathered(base);
        if (code != SQLITE_OK) return code;
        if (offset == 0 && count == log_header) own->end = 0;
        if (is_header && offset >= own->end) {
            code = begin_gathering(own, bytes, count, offset);
        } else {
            code = own->inner->pMethods->xWrite(own->inner, bytes, count, offset);
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
    return own->is_last ? write_gathered(base) : SQLITE_OK;
}

static int write_file(sqlite3_file *base, const void *bytes, int count, sqlite3_int64 offset) {
    return ((file *)base)->is_log ? write_log(base, bytes, count, offset) : write_database(base, bytes, count, offset);
}

static int read_file(sqlite3_file *base, void *bytes, int count, sqlite3_int64 offset) {
    file *own = (file *)base;
    if (own->count > 0 && offset < own->start + own->count && offset + count > own->start) {
        int code = write_gathered(base);
        if (code != SQLITE_OK) return code;
    }
    return own->inner->pMethods->xRead(own->inner, bytes, count, offset);
}

static int close_file(sqlite3_file *base) {
    file *own = (file *)base;
    int written = write_gathered(base);
    free(own->bytes);
    own->bytes = NULL;
    int closed = own->inner->pMethods->xClose(own->inner);
    return written != SQLITE_OK ? written : closed;
}

/* What may rely on what was written comes after it. */
#define after_writing(base, call)                    \
    do {                                             \
        int code = write_gathered(base);             \
        return code != SQLITE_OK ? code : (call);    \
    } while (0)

static int truncate_file(sqlite3_file *base, sqlite3_int64 size) {
    file *own = (file *)base;
    if (size < own->end) own->end = size;
    after_writing(base, own->inner->pMethods->xTruncate(own->inner, size));
}

static int sync_file(sqlite3_file *base, int flags) {
    after_writing(base, inner(base)->pMethods->xSync(inner(base), flags));
}

static int size_of(sqlite3_file *base, sqlite3_int64 *size) {
    after_writing(base, inner(base)->pMethods->xFileSize(inner(base), size));
}

static int lock(sqlite3_file *base, int level) {
    after_writing(base, inner(base)->pMethods->xLock(inner(base), level));
}

static int unlock(sqlite3_file *base, int level) {
    after_writing(base, inner(base)->pMethods->xUnlock(inner(base), level));
}

static int check_reserved_lock(sqlite3_file *base, int *is_held) {
    return inner(base)->pMethods->xCheckReservedLock(inner(base), is_held);
}

/* Also the end of a checkpoint and of each step of a commit, which are told even where nothing is synced. */
static int control(sqlite3_file *base, int operation, void *argument) {
    after_writing(base, inner(base)->pMethods->xFileControl(inner(base), operation, argument));
}

static int sector_size(sqlite3_file *base) { return inner(base)->pMethods->xSectorSize(inner(base)); }

static int characteristics(sqlite3_file *base) {
    return inner(base)->pMethods->xDeviceCharacteristics(inner(base));
}

static int map_shared(sqlite3_file *base, int region, int size, int extends, void volatile **memory) {
    return inner(base)->pMethods->xShmMap(inner(base), region, size, extends, memory);
}

static int lock_shared(sqlite3_file *base, int offset, int count, int flags) {
    after_writing(base, inner(base)->pMethods->xShmLock(inner(base), offset, count, flags));
}

static void shared_barrier(sqlite3_file *base) { inner(base)->pMethods->xShmBarrier(inner(base)); }

static int unmap_shared(sqlite3_file *base, int deletes) {
    after_writing(base, inner(base)->pMethods->xShmUnmap(inner(base), deletes));
}

static int fetch(sqlite3_file *base, sqlite3_int64 offset, int count, void **page) {
    after_writing(base, inner(base)->pMethods->xFetch(inner(base), offset, count, page));
}

static int unfetch(sqlite3_file *base, sqlite3_int64 offset, void *page) {
    return inner(base)->pMethods->xUnfetch(inner(base), offset, page);
}

/* A log has no shared memory of its own and is never mapped: what is for that is called of the database alone. */
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

static int open_file(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *base, int flags, int *opened) {
    (void)vfs;
    int is_log = (flags & SQLITE_OPEN_WAL) != 0;
    int is_database = (flags & SQLITE_OPEN_MAIN_DB) != 0;
    if (!is_log && !is_database) return below->xOpen(below, name, base, flags, opened);
    file *own = (file *)base;
    memset(own, 0, sizeof(*own));
    own->inner = (sqlite3_file *)((char *)base + inner_offset);
    own->inner->pMethods = NULL;
    int code = below->xOpen(below, name, own->inner, flags, opened);
    /* SQLite closes what has methods, also where opening failed. */
    if (own->inner->pMethods == NULL) return code;
    /* Without shared memory and mapping, as some file systems are used, pages are written as they come. */
    if (is_database && own->inner->pMethods->iVersion < methods.iVersion) {
        own->inner->pMethods->xClose(own->inner);
        return below->xOpen(below, name, base, flags, opened);
    }
    own->is_log = is_log;
    own->base.pMethods = &methods;
    return code;
}

int writ_sqlite_prepare(void) {
    int counted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
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

#ifndef C_SQLITE_FILES_H
#define C_SQLITE_FILES_H

#include <stdint.h>

/// Sets SQLite up for the whole process: logs that gather writes (gathered_writes.c), no temporary files for
/// statements, and no counting of memory, for which every allocation would take a lock. To be called once, before the
/// first connection is opened.
///
/// Returns SQLITE_OK, or what SQLite says; it works all the same then, and slower.
int writ_sqlite_prepare(void);

/// Frames of a transaction that reads them again could not be written: the transaction is rolled back. An extended code of
/// SQLITE_IOERR that SQLite does not have.
static const int32_t WRIT_SQLITE_IOERR_UNWRITTEN = 10 | (250 << 8);

#endif

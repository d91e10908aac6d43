#ifndef C_SQLITE_FILES_H
#define C_SQLITE_FILES_H

/// Sets SQLite up for the whole process: files that gather writes (gathered_writes.c), and no counting of memory, for
/// which every allocation would take a lock. To be called once, before the first connection is opened.
///
/// Returns SQLITE_OK, or what SQLite says; it works all the same then, and slower.
int writ_sqlite_prepare(void);

#endif

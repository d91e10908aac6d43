/* A disk that fails, for tests: loaded before a program (LD_PRELOAD), it makes calls on SQLite's files fail by chance.
 *
 * FAULTS_SYNC=N    one sync of a log in N ends with EIO
 * FAULTS_SPACE=N   one write to a log in N ends with ENOSPC
 * FAULTS_QUOTA=N   one write to a log in N ends with EDQUOT
 * FAULTS_SHORT=N   one write to a log in N writes half of it
 * FAULTS_SEED=S    the same numbers each time
 * FAULTS_END=N     the process is killed before it changes the name of a file for the Nth time; 0 kills nothing
 * FAULTS_LOG=FILE  a line for each fault; with FAULTS_END for each change of a name and each sync of a directory
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static uint64_t state;
static int is_seeded;

/* Whether it happens this time: xorshift64*, which is enough for choosing. */
static int happens(const char *name) {
    const char *text = getenv(name);
    long one_in = text ? strtol(text, NULL, 10) : 0;
    if (one_in <= 0) return 0;
    pthread_mutex_lock(&turn);
    if (!is_seeded) {
        const char *seed = getenv("FAULTS_SEED");
        state = (seed ? strtoull(seed, NULL, 10) : (uint64_t)getpid()) * 0x9E3779B97F4A7C15ull | 1;
        is_seeded = 1;
    }
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    int result = (state * 0x2545F4914F6CDD1Dull >> 33) % (uint64_t)one_in == 0;
    pthread_mutex_unlock(&turn);
    return result;
}

/* Whether it is a write-ahead log; errno stays. */
static int is_log(int file) {
    int before = errno;
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    errno = before;
    return length > 4 && memcmp(path + length - 4, "-wal", 4) == 0;
}

static void tell(const char *what) {
    const char *path = getenv("FAULTS_LOG");
    if (!path) return;
    int before = errno;
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file >= 0) {
        ssize_t (*next)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
        next(file, what, strlen(what));
        close(file);
    }
    errno = before;
}

static void tell_sync_of_directory(int file) {
    int before = errno;
    struct stat facts;
    if (getenv("FAULTS_END") && fstat(file, &facts) == 0 && S_ISDIR(facts.st_mode)) tell("directory\n");
    errno = before;
}

static int failing_sync(int file, const char *name) {
    tell_sync_of_directory(file);
    if (is_log(file) && happens("FAULTS_SYNC")) {
        tell("sync\n");
        errno = EIO;
        return -1;
    }
    int (*next)(int) = dlsym(RTLD_NEXT, name);
    return next(file);
}

int fsync(int file) { return failing_sync(file, "fsync"); }
int fdatasync(int file) { return failing_sync(file, "fdatasync"); }

/* How much is to be written; nothing on a full disk. */
static ssize_t allowed(int file, size_t count) {
    if (!is_log(file)) return (ssize_t)count;
    if (happens("FAULTS_SPACE")) {
        tell("space\n");
        errno = ENOSPC;
        return -1;
    }
    if (happens("FAULTS_QUOTA")) {
        tell("quota\n");
        errno = EDQUOT;
        return -1;
    }
    if (count > 1 && happens("FAULTS_SHORT")) {
        tell("short\n");
        return (ssize_t)(count / 2);
    }
    return (ssize_t)count;
}

ssize_t write(int file, const void *bytes, size_t count) {
    ssize_t (*next)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    ssize_t length = allowed(file, count);
    return length < 0 ? -1 : next(file, bytes, (size_t)length);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t place) {
    ssize_t (*next)(int, const void *, size_t, off64_t) = dlsym(RTLD_NEXT, "pwrite64");
    ssize_t length = allowed(file, count);
    return length < 0 ? -1 : next(file, bytes, (size_t)length, place);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t place) {
    ssize_t (*next)(int, const void *, size_t, off_t) = dlsym(RTLD_NEXT, "pwrite");
    ssize_t length = allowed(file, count);
    return length < 0 ? -1 : next(file, bytes, (size_t)length, place);
}

static void change_name(const char *what) {
    static long changes;
    const char *text = getenv("FAULTS_END");
    if (!text) return;
    long end = strtol(text, NULL, 10);
    pthread_mutex_lock(&turn);
    int is_end = ++changes == end;
    pthread_mutex_unlock(&turn);
    if (is_end) kill(getpid(), SIGKILL);
    tell(what);
}

int rename(const char *from, const char *to) {
    change_name("rename\n");
    int (*next)(const char *, const char *) = dlsym(RTLD_NEXT, "rename");
    return next(from, to);
}

int link(const char *from, const char *to) {
    change_name("link\n");
    int (*next)(const char *, const char *) = dlsym(RTLD_NEXT, "link");
    return next(from, to);
}

int unlink(const char *path) {
    struct stat facts;
    int before = errno;
    int is_there = lstat(path, &facts) == 0;
    errno = before;
    if (is_there) change_name("unlink\n");
    int (*next)(const char *) = dlsym(RTLD_NEXT, "unlink");
    return next(path);
}

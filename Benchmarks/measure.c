/* Runs a program several times and prints what it took, as one line of fields with tabs between:

     measure [-n RUNS] [-t SECONDS] [-s STATUS] [-r FILE [-c FILE]] [-m] -- PROGRAM [ARGUMENT ...]

     runs  min  median  max      milliseconds of wall time, from before the start until after the end
     cpu                         milliseconds of processor time, user and system, of it and its children; the median
     own  children               KiB at the peak, of itself and of its largest child; 0 without -m

   -n at most so many runs (5), -t no further run after so many seconds (20), -s the exit status that is right (0),
   -r a state that is removed before each run, -c a file that is then copied to its place, -m one run more that is
   watched for memory. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_RUNS = 1000, MOST_CHILDREN = 64 };

static int wanted_status;
static const char *removed, *copied;

struct run {
    double wall, cpu;
    long peak;
};

/* The largest memory of processes, by their ids. */
struct peaks {
    long own;
    int count;
    struct {
        pid_t pid;
        long peak;
    } children[MOST_CHILDREN];
};

static void fail(const char *what) {
    fprintf(stderr, "measure: %s: %s\n", what, strerror(errno));
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static double milliseconds(struct timeval time) { return time.tv_sec * 1e3 + time.tv_usec / 1e3; }

static void copy(const char *from, const char *to) {
    char bytes[64 << 10];
    FILE *input = fopen(from, "r");
    if (!input) fail(from);
    FILE *output = fopen(to, "w");
    if (!output) fail(to);
    for (size_t count; (count = fread(bytes, 1, sizeof bytes, input)) > 0;) {
        if (fwrite(bytes, 1, count, output) != count) fail(to);
    }
    fclose(input);
    if (fclose(output) != 0) fail(to);
}

static void prepare(void) {
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    char path[4096];
    if (!removed) return;
    for (size_t index = 0; index < sizeof ends / sizeof *ends; index++) {
        snprintf(path, sizeof path, "%s%s", removed, ends[index]);
        unlink(path);
    }
    if (copied) copy(copied, removed);
}

static pid_t start(char **arguments, int errors) {
    pid_t pid = fork();
    if (pid < 0) fail("fork");
    if (pid > 0) return pid;
    int null = open("/dev/null", O_RDWR);
    dup2(null, 0);
    dup2(null, 1);
    dup2(errors, 2);
    execvp(arguments[0], arguments);
    fail(arguments[0]);
    _exit(127);
}

/* KiB that a process had in memory at most since it began its program; -1 when it is gone. */
static long peak_of(pid_t pid) {
    char path[64], line[256];
    long peak = -1;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    if (!file) return -1;
    while (fgets(line, sizeof line, file) && sscanf(line, "VmHWM: %ld", &peak) != 1) {}
    fclose(file);
    return peak;
}

static void look_at_child(struct peaks *peaks, pid_t pid) {
    long peak = peak_of(pid);
    if (peak < 0) return;
    for (int index = 0; index < peaks->count; index++) {
        if (peaks->children[index].pid != pid) continue;
        // What is read last counts: before it began its program, it had its parent's memory.
        peaks->children[index].peak = peak;
        return;
    }
    if (peaks->count == MOST_CHILDREN) return;
    peaks->children[peaks->count].pid = pid;
    peaks->children[peaks->count++].peak = peak;
}

static void look(struct peaks *peaks, pid_t pid) {
    char path[300];
    long own = peak_of(pid);
    if (own >= 0) peaks->own = own;
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *tasks = opendir(path);
    if (!tasks) return;
    for (struct dirent *task; (task = readdir(tasks));) {
        if (task->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "/proc/%d/task/%s/children", (int)pid, task->d_name);
        FILE *file = fopen(path, "r");
        if (!file) continue;
        for (int child; fscanf(file, "%d", &child) == 1;) look_at_child(peaks, child);
        fclose(file);
    }
    closedir(tasks);
}

static void show_errors(int errors) {
    char text[4096];
    ssize_t count = pread(errors, text, sizeof text, 0);
    if (count > 0) fwrite(text, 1, (size_t)count, stderr);
}

static struct run run(char **arguments, struct peaks *peaks) {
    int errors = memfd_create("errors", MFD_CLOEXEC);
    if (errors < 0) fail("memfd_create");
    prepare();
    double began = now();
    pid_t pid = start(arguments, errors);
    struct rusage usage;
    int status;
    if (peaks) {
        struct timespec pause = {0, 500000};
        pid_t ended;
        while ((ended = wait4(pid, &status, WNOHANG, &usage)) == 0) {
            look(peaks, pid);
            nanosleep(&pause, NULL);
        }
        if (ended < 0) fail("wait4");
    } else if (wait4(pid, &status, 0, &usage) < 0) {
        fail("wait4");
    }
    struct run result = {
        now() - began, milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime), usage.ru_maxrss,
    };
    if (!WIFEXITED(status) || WEXITSTATUS(status) != wanted_status) {
        fprintf(stderr, "measure: %s ended with status 0x%x:\n", arguments[0], (unsigned)status);
        show_errors(errors);
        exit(1);
    }
    close(errors);
    return result;
}

static int compare(const void *one, const void *other) {
    double left = *(const double *)one, right = *(const double *)other;
    return (left > right) - (left < right);
}

static double median(double *values, int count) {
    qsort(values, (size_t)count, sizeof *values, compare);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

int main(int count, char **arguments) {
    int most = 5, watches = 0, option;
    double seconds = 20;
    while ((option = getopt(count, arguments, "+n:t:s:r:c:m")) != -1) {
        switch (option) {
        case 'n': most = atoi(optarg); break;
        case 't': seconds = atof(optarg); break;
        case 's': wanted_status = atoi(optarg); break;
        case 'r': removed = optarg; break;
        case 'c': copied = optarg; break;
        case 'm': watches = 1; break;
        default: return 1;
        }
    }
    if (optind >= count || most < 1 || most > MOST_RUNS || (copied && !removed)) {
        fprintf(
            stderr, "usage: measure [-n RUNS] [-t SECONDS] [-s STATUS] [-r FILE [-c FILE]] [-m] -- PROGRAM [ARGUMENT ...]\n");
        return 1;
    }
    double walls[MOST_RUNS], cpus[MOST_RUNS];
    long own = 0, children = 0;
    int runs = 0;
    double began = now();
    while (runs < most && (runs == 0 || now() - began < seconds * 1e3)) {
        struct run result = run(arguments + optind, NULL);
        walls[runs] = result.wall;
        cpus[runs++] = result.cpu;
        // The system's figure is that of the larger of the two.
        if (watches && result.peak > own) own = result.peak;
    }
    if (watches) {
        struct peaks peaks = {0};
        run(arguments + optind, &peaks);
        for (int index = 0; index < peaks.count; index++) {
            if (peaks.children[index].peak > children) children = peaks.children[index].peak;
        }
        if (children < peaks.own) {
            own = own > peaks.own ? own : peaks.own;
        } else {
            children = own > children ? own : children;
            own = peaks.own;
        }
    }
    double middle = median(walls, runs);
    printf("%d\t%.2f\t%.2f\t%.2f\t%.2f\t%ld\t%ld\n", runs, walls[0], middle, walls[runs - 1], median(cpus, runs), own,
        children);
    return 0;
}

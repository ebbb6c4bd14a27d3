// Preloaded into the process under test: the call with number TRIP_AT, among those that change a file below TRIP_FOLDER, is
// the one at which it dies, or which fails. So every point between two changes of the disk is met, one after the other.
//
//   TRIP_HOW   before   killed before the call
//              torn     killed after half of a write; only writes are counted, at another call it would be `before` again
//              after    killed after the call
//              eio      the call fails with EIO
//              enospc   the call fails with ENOSPC
//   TRIP_TOLD  a file that is made when the call was met
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static long calls;

static int below(const char *path) {
    const char *folder = getenv("TRIP_FOLDER");
    return folder != NULL && path != NULL && strncmp(path, folder, strlen(folder)) == 0;
}

static int watched(int fd) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = '\0';
    return below(path);
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

// What is to happen to this call: 0 nothing, else the first letter of TRIP_HOW ('f' for one that fails: errno is set).
static char met(int is_watched, int is_write) {
    const char *at = getenv("TRIP_AT"), *how = getenv("TRIP_HOW"), *told = getenv("TRIP_TOLD");
    if (!is_watched || at == NULL || how == NULL || told == NULL) return 0;
    if (!is_write && strcmp(how, "torn") == 0) return 0;
    if (__atomic_fetch_add(&calls, 1, __ATOMIC_SEQ_CST) != atol(at)) return 0;
    int mark = (int)syscall(SYS_openat, AT_FDCWD, told, O_CREAT | O_WRONLY, 0600);
    if (mark >= 0) close(mark);
    if (strcmp(how, "eio") == 0) { errno = EIO; return 'f'; }
    if (strcmp(how, "enospc") == 0) { errno = ENOSPC; return 'f'; }
    if (strcmp(how, "before") == 0) die();
    return how[0];
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define TRIPPED(type, is_watched, is_write, call, half)                                                                            \
    char how = met(is_watched, is_write);                                                                                  \
    if (how == 'f') return -1;                                                                                             \
    if (how == 't') { half; die(); }                                                                                       \
    type result = call;                                                                                                    \
    if (how == 'a') die();                                                                                                 \
    return result;

ssize_t write(int fd, const void *bytes, size_t n) {
    TRIPPED(ssize_t, watched(fd), 1, REAL(write)(fd, bytes, n), REAL(write)(fd, bytes, n / 2))
}
ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at) {
    TRIPPED(ssize_t, watched(fd), 1, REAL(pwrite)(fd, bytes, n, at), REAL(pwrite)(fd, bytes, n / 2, at))
}
ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t at) {
    TRIPPED(ssize_t, watched(fd), 1, REAL(pwrite64)(fd, bytes, n, at), REAL(pwrite64)(fd, bytes, n / 2, at))
}
int fsync(int fd) { TRIPPED(int, watched(fd), 0, REAL(fsync)(fd), ) }
int fdatasync(int fd) { TRIPPED(int, watched(fd), 0, REAL(fdatasync)(fd), ) }
int ftruncate(int fd, off_t n) { TRIPPED(int, watched(fd), 0, REAL(ftruncate)(fd, n), ) }
int ftruncate64(int fd, off64_t n) { TRIPPED(int, watched(fd), 0, REAL(ftruncate64)(fd, n), ) }
int unlink(const char *path) { TRIPPED(int, below(path), 0, REAL(unlink)(path), ) }
int rename(const char *from, const char *to) { TRIPPED(int, below(to), 0, REAL(rename)(from, to), ) }

int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    TRIPPED(int, (flags & O_CREAT) && below(path), 0, REAL(open64)(path, flags, mode), )
}
int open(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    TRIPPED(int, (flags & O_CREAT) && below(path), 0, REAL(open)(path, flags, mode), )
}

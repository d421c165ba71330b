// Loaded into dbbackup by LD_PRELOAD: makes one call of one function of the C library fail, or
// counts the calls. Affects only dbbackup itself, including what it does between fork and exec, and
// none of the programs that it starts.
//
//   DBBACKUP_FAULT=openat:3:24     the third call of openat() fails with errno 24
//   DBBACKUP_FAULT_COUNTS=FILE     at its end writes "NAME COUNT" to it, one line per function
//
// A signal to many processes at once, which is never intended, ends dbbackup by SIGABRT.

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr const char* k_names[] = {
    "open",   "openat",   "read",    "write",          "fsync",   "renameat", "renameat2",
    "linkat", "unlinkat", "mkdirat", "mkdtemp",        "pipe2",   "pipe",     "poll",
    "fstat",  "fstatat",  "stat",    "lstat",          "fcntl",   "flock",    "ftruncate",
    "fchmod", "fchown",   "fork",    "pthread_create", "waitpid", "waitid",   "recv",
    "send",   "socket",   "connect", "fdopendir",      "readdir", "lseek",    "memfd_create",
    "setsid", "dup2",     "chdir",   "opendir"};
constexpr std::size_t k_count = sizeof k_names / sizeof k_names[0];

constexpr std::size_t index_of(const char* name) {
    for (std::size_t i = 0; i < k_count; ++i) {
        const char* a = k_names[i];
        const char* b = name;
        while (*a != '\0' && *a == *b) {
            ++a;
            ++b;
        }
        if (*a == *b) {
            return i;
        }
    }
    return k_count;
}

/// Shared with children that have not yet called exec: their calls are counted too.
struct Counts {
    std::atomic<unsigned> of[k_count];
};

Counts* counts = nullptr;
std::size_t target = k_count;
unsigned target_call = 0;
int target_errno = 0;
pid_t main_process = 0;
char counts_file[4096];

__attribute__((constructor)) void prepare() {
    if (std::strcmp(program_invocation_short_name, "dbbackup") != 0) {
        return;
    }
    void* memory =
        ::mmap(nullptr, sizeof(Counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        return;
    }
    if (const char* fault = std::getenv("DBBACKUP_FAULT")) {
        char name[64] = {};
        if (std::sscanf(fault, "%63[^:]:%u:%d", name, &target_call, &target_errno) == 3) {
            target = index_of(name);
        }
        if (target == k_count) {
            std::fprintf(stderr, "fault_injector: no such fault: %s\n", fault);
            std::abort();
        }
    }
    if (const char* file = std::getenv("DBBACKUP_FAULT_COUNTS")) {
        std::snprintf(counts_file, sizeof counts_file, "%s", file);
    }
    main_process = ::getpid();
    counts = static_cast<Counts*>(memory); // from here on calls count
}

__attribute__((destructor)) void tell() {
    if (counts == nullptr || ::getpid() != main_process || counts_file[0] == '\0') {
        return;
    }
    const Counts& at_end = *counts;
    counts = nullptr;
    if (std::FILE* file = std::fopen(counts_file, "w")) {
        for (std::size_t i = 0; i < k_count; ++i) {
            std::fprintf(file, "%s %u\n", k_names[i], at_end.of[i].load());
        }
        std::fclose(file);
    }
}

bool fails(std::size_t function) {
    if (counts == nullptr) {
        return false;
    }
    const unsigned call = ++counts->of[function];
    if (function != target || call != target_call) {
        return false;
    }
    errno = target_errno;
    return true;
}

template <typename Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

} // namespace

/// `symbol` stands for the function `name`, with `result` when it fails.
#define FAULT(name, symbol, type, result, parameters, arguments)                                   \
    extern "C" type symbol parameters {                                                            \
        static auto* const real = next<type parameters>(#symbol);                                  \
        static_assert(index_of(#name) < k_count);                                                  \
        if (fails(index_of(#name))) {                                                              \
            return result;                                                                         \
        }                                                                                          \
        return real arguments;                                                                     \
    }

/// The same for one with an optional mode as its last argument.
#define FAULT_OPEN(name, symbol, parameters, arguments)                                            \
    extern "C" int symbol parameters {                                                             \
        static auto* const real =                                                                  \
            reinterpret_cast<int(*) parameters>(::dlsym(RTLD_NEXT, #symbol));                      \
        if (fails(index_of(#name))) {                                                              \
            return -1;                                                                             \
        }                                                                                          \
        va_list rest;                                                                              \
        va_start(rest, flags);                                                                     \
        const mode_t mode = va_arg(rest, mode_t);                                                  \
        va_end(rest);                                                                              \
        return real arguments;                                                                     \
    }

// NOLINTBEGIN(readability-identifier-naming): the C library's names
FAULT_OPEN(open, open, (const char* path, int flags, ...), (path, flags, mode))
FAULT_OPEN(open, open64, (const char* path, int flags, ...), (path, flags, mode))
FAULT_OPEN(openat, openat, (int fd, const char* path, int flags, ...), (fd, path, flags, mode))
FAULT_OPEN(openat, openat64, (int fd, const char* path, int flags, ...), (fd, path, flags, mode))
FAULT(open, __open_2, int, -1, (const char* path, int flags), (path, flags))
FAULT(open, __open64_2, int, -1, (const char* path, int flags), (path, flags))
FAULT(openat, __openat_2, int, -1, (int fd, const char* path, int flags), (fd, path, flags))
FAULT(openat, __openat64_2, int, -1, (int fd, const char* path, int flags), (fd, path, flags))
FAULT(read, read, ssize_t, -1, (int fd, void* buffer, size_t size), (fd, buffer, size))
FAULT(read, __read_chk, ssize_t, -1, (int fd, void* buffer, size_t size, size_t room),
      (fd, buffer, size, room))
FAULT(write, write, ssize_t, -1, (int fd, const void* buffer, size_t size), (fd, buffer, size))
FAULT(fsync, fsync, int, -1, (int fd), (fd))
FAULT(renameat, renameat, int, -1, (int from_fd, const char* from, int to_fd, const char* to),
      (from_fd, from, to_fd, to))
FAULT(renameat2, renameat2, int, -1,
      (int from_fd, const char* from, int to_fd, const char* to, unsigned flags),
      (from_fd, from, to_fd, to, flags))
FAULT(linkat, linkat, int, -1,
      (int from_fd, const char* from, int to_fd, const char* to, int flags),
      (from_fd, from, to_fd, to, flags))
FAULT(unlinkat, unlinkat, int, -1, (int fd, const char* path, int flags), (fd, path, flags))
FAULT(mkdirat, mkdirat, int, -1, (int fd, const char* path, mode_t mode), (fd, path, mode))
FAULT(mkdtemp, mkdtemp, char*, nullptr, (char* pattern), (pattern))
FAULT(pipe2, pipe2, int, -1, (int ends[2], int flags), (ends, flags))
FAULT(pipe, pipe, int, -1, (int ends[2]), (ends))
FAULT(poll, poll, int, -1, (pollfd * fds, nfds_t count, int timeout), (fds, count, timeout))
FAULT(poll, __poll_chk, int, -1, (pollfd * fds, nfds_t count, int timeout, size_t room),
      (fds, count, timeout, room))
FAULT(fstat, fstat, int, -1, (int fd, struct stat* status), (fd, status))
FAULT(fstat, fstat64, int, -1, (int fd, struct stat64* status), (fd, status))
FAULT(fstatat, fstatat, int, -1, (int fd, const char* path, struct stat* status, int flags),
      (fd, path, status, flags))
FAULT(fstatat, fstatat64, int, -1, (int fd, const char* path, struct stat64* status, int flags),
      (fd, path, status, flags))
FAULT(stat, stat, int, -1, (const char* path, struct stat* status), (path, status))
FAULT(stat, stat64, int, -1, (const char* path, struct stat64* status), (path, status))
FAULT(lstat, lstat, int, -1, (const char* path, struct stat* status), (path, status))
FAULT(lstat, lstat64, int, -1, (const char* path, struct stat64* status), (path, status))
FAULT(flock, flock, int, -1, (int fd, int operation), (fd, operation))
FAULT(ftruncate, ftruncate, int, -1, (int fd, off_t size), (fd, size))
FAULT(ftruncate, ftruncate64, int, -1, (int fd, off64_t size), (fd, size))
FAULT(fchmod, fchmod, int, -1, (int fd, mode_t mode), (fd, mode))
FAULT(fchown, fchown, int, -1, (int fd, uid_t owner, gid_t group), (fd, owner, group))
FAULT(fork, fork, pid_t, -1, (), ())
FAULT(pthread_create, pthread_create, int, target_errno,
      (pthread_t * thread, const pthread_attr_t* attributes, void* (*start)(void*), void* argument),
      (thread, attributes, start, argument))
FAULT(waitpid, waitpid, pid_t, -1, (pid_t pid, int* status, int options), (pid, status, options))
FAULT(waitid, waitid, int, -1, (idtype_t kind, id_t id, siginfo_t* info, int options),
      (kind, id, info, options))
FAULT(recv, recv, ssize_t, -1, (int fd, void* buffer, size_t size, int flags),
      (fd, buffer, size, flags))
FAULT(recv, __recv_chk, ssize_t, -1, (int fd, void* buffer, size_t size, size_t room, int flags),
      (fd, buffer, size, room, flags))
// A connection that cannot be written to is broken; libpq notices that when it reads.
FAULT(send, send, ssize_t, (static_cast<void>(::shutdown(fd, SHUT_RDWR)), errno = target_errno, -1),
      (int fd, const void* buffer, size_t size, int flags), (fd, buffer, size, flags))
FAULT(socket, socket, int, -1, (int domain, int type, int protocol), (domain, type, protocol))
FAULT(connect, connect, int, -1, (int fd, const sockaddr* address, socklen_t size),
      (fd, address, size))
FAULT(fdopendir, fdopendir, DIR*, nullptr, (int fd), (fd))
FAULT(opendir, opendir, DIR*, nullptr, (const char* path), (path))
FAULT(readdir, readdir, dirent*, nullptr, (DIR * directory), (directory))
FAULT(readdir, readdir64, dirent64*, nullptr, (DIR * directory), (directory))
FAULT(lseek, lseek, off_t, -1, (int fd, off_t offset, int whence), (fd, offset, whence))
FAULT(lseek, lseek64, off64_t, -1, (int fd, off64_t offset, int whence), (fd, offset, whence))
FAULT(memfd_create, memfd_create, int, -1, (const char* name, unsigned flags), (name, flags))
FAULT(setsid, setsid, pid_t, -1, (), ())
FAULT(dup2, dup2, int, -1, (int from, int to), (from, to))
FAULT(chdir, chdir, int, -1, (const char* path), (path))

extern "C" int fcntl(int fd, int command, ...) {
    static auto* const real = reinterpret_cast<int (*)(int, int, ...)>(::dlsym(RTLD_NEXT, "fcntl"));
    if (fails(index_of("fcntl"))) {
        return -1;
    }
    va_list rest;
    va_start(rest, command);
    void* argument = va_arg(rest, void*);
    va_end(rest);
    return real(fd, command, argument);
}

extern "C" int fcntl64(int fd, int command, ...) {
    va_list rest;
    va_start(rest, command);
    void* argument = va_arg(rest, void*);
    va_end(rest);
    return ::fcntl(fd, command, argument);
}

extern "C" int kill(pid_t pid, int signal_number) {
    static auto* const real = next<int(pid_t, int)>("kill");
    if (counts != nullptr && pid >= -1 && pid <= 1 && signal_number != 0) {
        std::abort();
    }
    return real(pid, signal_number);
}
// NOLINTEND(readability-identifier-naming)

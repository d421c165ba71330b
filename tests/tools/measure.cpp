// measure FILE COMMAND [ARGUMENT…]: runs the command and writes one line to FILE:
//
//     <wall seconds> <CPU seconds> <peak memory in KiB>
//
// CPU is user and system time of the command and of every process that it waited for, so of a whole
// pipeline if the command is a shell. Peak memory is the resident set of the largest single one
// of those. Both come from wait4(2), whose rusage on Linux and macOS includes waited-for
// descendants. Exits as the command did; 125 if it could not be run.

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr int k_cannot_run = 125;

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

int cannot(const char* what) {
    std::fprintf(stderr, "measure: cannot %s: %s\n", what, std::strerror(errno));
    return k_cannot_run;
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fputs("usage: measure FILE COMMAND [ARGUMENT...]\n", stderr);
        return k_cannot_run;
    }
    const auto start = std::chrono::steady_clock::now();
    const pid_t child = fork();
    if (child < 0) {
        return cannot("fork");
    }
    if (child == 0) {
        execvp(argv[2], argv + 2);
        _exit(cannot("run the command"));
    }

    int status = 0;
    rusage usage{};
    while (wait4(child, &status, 0, &usage) < 0) {
        if (errno != EINTR) {
            return cannot("wait");
        }
    }
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;

#ifdef __APPLE__
    const long peak_kib = usage.ru_maxrss / 1024; // bytes there, KiB everywhere else
#else
    const long peak_kib = usage.ru_maxrss;
#endif
    std::FILE* out = std::fopen(argv[1], "w");
    if (out == nullptr) {
        return cannot("write the result");
    }
    std::fprintf(out, "%.3f %.3f %ld\n", wall.count(),
                 seconds(usage.ru_utime) + seconds(usage.ru_stime), peak_kib);
    if (std::fclose(out) != 0) {
        return cannot("write the result");
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

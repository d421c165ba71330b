#include "support/catch.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/stream/fd_sink.hpp>

#include <cstdio>
#include <fcntl.h>
#include <memory>
#include <string>
#include <unistd.h>

using namespace dbbackup;
using namespace dbbackup::stream;

TEST_CASE("a descriptor receives everything, past the start of writeback") {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::tmpfile(), &std::fclose};
    REQUIRE(file != nullptr);
    const int fd = fileno(file.get());
    const std::string piece(3 << 20, 'x');
    FdSink sink{fd, "file"};
    for (int i = 0; i < 7; ++i) {
        sink.write(base::as_bytes(piece));
    }
    sink.finish();

    CHECK(lseek(fd, 0, SEEK_END) == static_cast<off_t>(7 * piece.size()));
    std::string last(piece.size(), ' ');
    CHECK(pread(fd, last.data(), last.size(), static_cast<off_t>(6 * piece.size())) ==
          static_cast<ssize_t>(last.size()));
    CHECK((last == piece));
}

#ifdef __linux__
TEST_CASE("a descriptor that accepts nothing is an error") {
    const int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
    REQUIRE(fd >= 0);
    FdSink sink{fd, "file"};
    CHECK_THROWS_AS(sink.write(base::as_bytes("x")), base::Error);
    close(fd);
}
#endif

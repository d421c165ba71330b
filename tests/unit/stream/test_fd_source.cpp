#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/stream/checksum.hpp>
#include <dbbackup/stream/fd_source.hpp>
#include <dbbackup/sys/fd.hpp>

#include <array>
#include <fcntl.h>
#include <string>
#include <unistd.h>

using namespace dbbackup;
using namespace dbbackup::stream;

TEST_CASE("a file is read from its start, whatever its descriptor's offset") {
    const test::TempDir directory;
    test::write_file(directory / "file", "abcdef");
    const sys::Fd fd{open((directory / "file").c_str(), O_RDONLY | O_CLOEXEC)};
    REQUIRE(lseek(fd.get(), 3, SEEK_SET) == 3);

    FdSource file{fd.get(), "file"};
    Checksum checksum;
    ObservedSource source{file, checksum};
    std::array<std::byte, 4> buffer{};
    CHECK(source.read(buffer.data(), buffer.size()) == 4);
    CHECK(base::as_text(buffer) == "abcd");
    CHECK(source.read(buffer.data(), buffer.size()) == 2);
    CHECK(base::as_text(buffer).substr(0, 2) == "ef");
    CHECK(source.read(buffer.data(), buffer.size()) == 0);

    CHECK(lseek(fd.get(), 0, SEEK_CUR) == 3);
    CHECK(checksum.size() == 6);
    CHECK(checksum.sha256() == "bef57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721");
}

TEST_CASE("a file that cannot be read is an error with its name") {
    const sys::Fd fd{open("/", O_RDONLY | O_CLOEXEC)};
    FdSource source{fd.get(), "shop.sql"};
    std::byte byte{};
    try {
        (void)source.read(&byte, 1);
        FAIL("a directory was read");
    } catch (const base::Error& error) {
        CHECK(error.kind() == base::ErrorKind::failed);
        CHECK(error.what() == std::string{"cannot read shop.sql: Is a directory"});
    }
}

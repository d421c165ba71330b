#include "support/scene/small_disk.hpp"

#include "support/catch.hpp"

#include <sys/mount.h>

namespace dbbackup::test {

SmallDisk::SmallDisk(const std::string& size)
    : mounted_(::mount("tmpfs", temp_.path().c_str(), "tmpfs", 0,
                       ("mode=01777,size=" + size).c_str()) == 0) {
}

SmallDisk::~SmallDisk() {
    if (mounted_) {
        ::umount2(temp_.path().c_str(), MNT_DETACH);
    }
}

bool SmallDisk::there() const {
    if (!mounted_) {
        WARN("left out, as only root may mount a small disk");
    }
    return mounted_;
}

void SmallDisk::fill_up(std::uint64_t left) const {
    const auto free = std::filesystem::space(path()).available;
    if (free > left) {
        write_file(path() / "filler", std::string(free - left, 'x'));
    }
}

void SmallDisk::make_read_only() const {
    REQUIRE(::mount(nullptr, temp_.path().c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) == 0);
}

} // namespace dbbackup::test

#include "ops/file_hash.hpp"

#include <utility>

namespace dbbackup::ops {

namespace {

/// Ends early once `stop` is set.
class StoppableSource : public stream::Source {
public:
    StoppableSource(stream::Source& next, const std::atomic<bool>& stop)
        : next_(next), stop_(stop) {}

    [[nodiscard]] std::size_t read(std::byte* buffer, std::size_t size) override {
        return stop_ ? 0 : next_.read(buffer, size);
    }

private:
    stream::Source& next_;
    const std::atomic<bool>& stop_;
};

} // namespace

FileHash::FileHash(int fd, std::string name)
    : reading_(std::async(std::launch::async, [this, fd, name = std::move(name)] {
          stream::FdSource file{fd, name};
          StoppableSource source{file, stop_};
          stream::pump(source, {&checksum_});
      })) {
}

FileHash::~FileHash() {
    stop_ = true;
}

stream::Checksum& FileHash::finish() {
    reading_.get();
    return checksum_;
}

} // namespace dbbackup::ops

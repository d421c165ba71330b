#include "ops/read/file_hash.hpp"

#include <dbbackup/stream/checksum.hpp>
#include <dbbackup/stream/fd_source.hpp>
#include <dbbackup/stream/pump.hpp>
#include <dbbackup/sys/signals.hpp>

#include <chrono>
#include <utility>

namespace dbbackup::ops {

namespace {

/// Ends early when `stop` is set.
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

FileHash::FileHash(int fd, std::string name, stream::Observer* observer)
    : reading_(std::async(std::launch::async, [this, fd, name = std::move(name), observer] {
          stream::FdSource file{fd, name};
          StoppableSource source{file, stop_};
          stream::Checksum checksum;
          if (observer == nullptr) {
              stream::pump(source, {&checksum});
          } else {
              stream::pump(source, {&checksum, observer});
          }
          const std::uint64_t size = checksum.size();
          return FileSum{.sha256 = checksum.sha256(), .size = size};
      })) {
}

FileHash::~FileHash() {
    stop_ = true;
}

bool FileHash::finished() const {
    return reading_.wait_for(std::chrono::seconds{0}) == std::future_status::ready;
}

const FileSum& FileHash::finish() const {
    return reading_.get();
}

const FileSum& FileHash::finish_unless_interrupted() const {
    while (reading_.wait_for(std::chrono::milliseconds{20}) != std::future_status::ready) {
        sys::throw_if_interrupted();
    }
    return reading_.get();
}

} // namespace dbbackup::ops

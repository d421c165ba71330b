#pragma once

#include <dbbackup/stream/pump.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace dbbackup::stream {

/// SHA-256 (FIPS 180-4) and length of a stream.
class Checksum : public Observer {
public:
    Checksum();
    ~Checksum() override;

    void observe(base::Bytes bytes) override;

    /// 64 lower-case hex digits. Ends the computation: call once, after the last observe().
    [[nodiscard]] std::string sha256();

    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

private:
    struct Context;
    std::unique_ptr<Context> context_;
    std::uint64_t size_ = 0;
};

/// SHA-256 of all that `source` gives. A thread of its own computes it, while this one reads ahead.
/// `on_read` gets how many bytes have been read, and may throw.
[[nodiscard]] std::string sha256_of(Source& source,
                                    const std::function<void(std::uint64_t)>& on_read);

} // namespace dbbackup::stream

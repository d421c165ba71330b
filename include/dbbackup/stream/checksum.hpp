#pragma once

#include <dbbackup/stream/pump.hpp>

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

} // namespace dbbackup::stream

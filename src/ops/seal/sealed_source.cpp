#include "ops/seal/sealed_source.hpp"

#include <dbbackup/base/error.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>
#include <string_view>
#include <utility>
#include <vector>

namespace dbbackup::ops {

namespace {

using namespace std::chrono_literals;

/// A plugin may wait until somebody touches a key.
constexpr auto k_patience = 5min;
constexpr auto k_exit_patience = 30s;

/// What age 1.1 to 1.2 says of a file that is not as it was written.
constexpr std::array k_damage = std::to_array<std::string_view>(
    {"failed to read header", "bad header MAC", "failed to decrypt and authenticate payload",
     "unexpected EOF", "last chunk is empty", "trailing data", "failed to read nonce",
     "unexpected intro", "invalid armor", "malformed", "invalid header intro", "invalid X25519",
     "failed to parse X25519", "invalid ssh-"});

bool is_damage(std::string_view words) {
    return std::ranges::any_of(k_damage, [words](std::string_view text) {
        return words.find(text) != std::string_view::npos;
    });
}

} // namespace

SealedSource::SealedSource(const AgeProgram& age, int fd, int identity_fd)
    : SealedSource(std::make_unique<sys::ChildProcess>(age.open(fd, identity_fd))) {
}

SealedSource::SealedSource(std::unique_ptr<sys::ChildProcess> age)
    : ChildReader(*age), age_(std::move(age)) {
}

void SealedSource::on_silence(std::chrono::milliseconds silence) {
    if (silence >= k_patience) {
        throw base::Error{base::ErrorKind::failed, "age hangs: it has written nothing for minutes",
                          "If the identity is a key that wants to be touched or asks for a PIN, "
                          "see docs/manual/encryption.md."};
    }
}

void SealedSource::on_end() {
    const sys::ExitStatus status = age_->wait(k_exit_patience);
    if (status.success()) {
        return;
    }
    const std::string words = words_of_age(age_->error_output());
    if (words.find("no identity matched") != std::string::npos) {
        throw base::Error{base::ErrorKind::failed, "the identity does not open it",
                          "It was sealed for other recipients: dbbackup show names them. Name the "
                          "identity of one of them with --identity or in DBBACKUP_IDENTITY_FILE."};
    }
    const bool identity_is_bad = words.find("/dev/fd/") != std::string::npos;
    if (!identity_is_bad && is_damage(words)) {
        throw base::Error{base::ErrorKind::damaged,
                          fmt::format("age cannot open it to its end: {}", words)};
    }
    if (identity_is_bad) {
        // age quotes what it could not read.
        throw base::Error{
            base::ErrorKind::failed, "age cannot use the identity file",
            "It must hold a secret key: AGE-SECRET-KEY-…, AGE-PLUGIN-…, or an OpenSSH "
            "key without a passphrase."};
    }
    throw base::Error{
        base::ErrorKind::failed,
        fmt::format("age failed with {}{}{}", status.describe(), words.empty() ? "" : ": ", words),
        "A key with a passphrase or a PIN cannot be asked for: see "
        "docs/manual/encryption.md."};
}

std::string read_sealed(const AgeProgram& age, int fd, int identity_fd, std::size_t most) {
    SealedSource source{age, fd, identity_fd};
    std::string text;
    std::vector<std::byte> buffer(std::size_t{64} << 10U);
    for (std::size_t got = 1; got > 0;) {
        got = source.read(buffer.data(), buffer.size());
        text += base::as_text({buffer.data(), got});
        if (text.size() > most) {
            throw base::Error{base::ErrorKind::damaged, "it holds more than it can"};
        }
    }
    return text;
}

} // namespace dbbackup::ops

#include "stream/gzip_member.hpp"
#include "stream/member_decoder.hpp"

#include <fmt/format.h>
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

namespace dbbackup::stream {

namespace {

/// ISA-L only inflates. Its modes that also read header and trailer are not used: it is not
/// documented that they check everything. Unlike zlib it reads deflate data whose Huffman codes are
/// incomplete; so these count as good if, and only if, size and checksum are right.
class IsalMemberDecoder final : public MemberDecoder {
public:
    IsalMemberDecoder() { isal_inflate_init(state_.get()); }

    Flaw decode(base::Bytes member_bytes, Block& plain) override {
        const GzipMember member = open_gzip_member(member_bytes);
        auto* out = reinterpret_cast<std::uint8_t*>(plain.data());
        // ISA-L only reads the input, but does not say so in its types.
        state_->next_in =
            reinterpret_cast<std::uint8_t*>(const_cast<std::byte*>(member.deflated.data()));
        state_->avail_in = static_cast<std::uint32_t>(member.deflated.size());
        state_->next_out = out;
        state_->avail_out = static_cast<std::uint32_t>(plain.capacity());
        state_->crc_flag = ISAL_DEFLATE;
        const int result = isal_inflate_stateless(state_.get());
        if (result < 0) {
            return fmt::format("its data are invalid (ISA-L: {})", result);
        }
        if (result != ISAL_DECOMP_OK || state_->block_state != ISAL_BLOCK_FINISH ||
            state_->avail_in != 0 || state_->total_out != member.plain_size) {
            return k_wrong_size;
        }
        if (crc32_gzip_refl(0, out, member.plain_size) != member.plain_crc) {
            return k_wrong_checksum;
        }
        plain.resize(member.plain_size);
        return {};
    }

private:
    std::unique_ptr<inflate_state> state_ = std::make_unique<inflate_state>();
};

} // namespace

std::unique_ptr<MemberDecoder> make_isal_member_decoder() {
    return std::make_unique<IsalMemberDecoder>();
}

} // namespace dbbackup::stream

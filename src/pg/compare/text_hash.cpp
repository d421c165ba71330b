#include "pg/compare/text_hash.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace dbbackup::pg {

struct TextHash::State {
    XXH3_state_t state;
};

TextHash::TextHash() : state_(std::make_unique<State>()) {
    reset();
}

TextHash::~TextHash() = default;

void TextHash::reset() {
    XXH3_128bits_reset(&state_->state);
}

void TextHash::add(std::string_view piece) {
    XXH3_128bits_update(&state_->state, piece.data(), piece.size());
}

TextDigest TextHash::digest() const {
    const XXH128_hash_t hash = XXH3_128bits_digest(&state_->state);
    return {hash.low64, hash.high64};
}

TextDigest digest_of(std::string_view text) {
    const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
    return {hash.low64, hash.high64};
}

} // namespace dbbackup::pg

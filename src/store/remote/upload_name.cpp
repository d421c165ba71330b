#include "store/remote/upload_name.hpp"

#include <dbbackup/store/manifest.hpp>
#include <dbbackup/store/remote.hpp>

#include <fmt/format.h>
#include <string_view>

namespace dbbackup::store {

namespace {

constexpr std::string_view k_uploading = ".uploading";

} // namespace

std::string make_upload_name(const std::string& name) {
    return fmt::format(".{}.{}{}", name, make_dump_id().substr(0, 8), k_uploading);
}

bool is_unfinished_upload(const std::string& name) {
    return name.starts_with('.') && name.ends_with(k_uploading);
}

} // namespace dbbackup::store

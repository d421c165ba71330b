#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dbbackup::base {

std::string list_all(const std::vector<std::string>& items) {
    return printable(fmt::format("{}", fmt::join(items, ", ")));
}

std::string list_some(const std::vector<std::string>& items, std::size_t most) {
    if (items.size() <= most) {
        return list_all(items);
    }
    const std::vector<std::string> first(items.begin(),
                                         items.begin() + static_cast<std::ptrdiff_t>(most));
    return fmt::format("{} and {} more", list_all(first), items.size() - most);
}

} // namespace dbbackup::base

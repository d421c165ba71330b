#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>

namespace dbbackup::base {

std::string list_some(const std::vector<std::string>& items, std::size_t most) {
    std::string list;
    for (std::size_t i = 0; i < std::min(items.size(), most); ++i) {
        list += (i == 0 ? "" : ", ") + printable(items[i]);
    }
    if (items.size() > most) {
        list += " and " + std::to_string(items.size() - most) + " more";
    }
    return list;
}

} // namespace dbbackup::base

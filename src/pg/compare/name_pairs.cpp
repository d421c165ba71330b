#include "pg/compare/name_pairs.hpp"

#include <map>

namespace dbbackup::pg {

namespace {

using Indexes = std::vector<std::size_t>;

DumpObject without_schema(DumpObject object) {
    object.schema.clear();
    return object;
}

Indexes list_unpaired_second(const NamePairs& pairs, std::size_t size) {
    std::vector<char> is_paired(size, 0);
    for (const auto partner : pairs.partners) {
        if (partner) {
            is_paired[*partner] = 1;
        }
    }
    Indexes unpaired;
    for (std::size_t at = 0; at < size; ++at) {
        if (is_paired[at] == 0) {
            unpaired.push_back(at);
        }
    }
    return unpaired;
}

void pair_exactly(NamePairs& pairs, const std::vector<DumpObject>& first,
                  const std::vector<DumpObject>& second) {
    std::multimap<DumpObject, std::size_t> open;
    for (std::size_t at = 0; at < second.size(); ++at) {
        open.emplace(second[at], at);
    }
    for (std::size_t at = 0; at < first.size(); ++at) {
        if (const auto found = open.find(first[at]); found != open.end()) {
            pairs.partners[at] = found->second;
            open.erase(found);
        }
    }
}

void pair_without_schema(NamePairs& pairs, const std::vector<DumpObject>& first,
                         const std::vector<DumpObject>& second) {
    struct Candidates {
        Indexes first;
        Indexes second;
    };
    std::map<DumpObject, Candidates> left;
    for (std::size_t at = 0; at < first.size(); ++at) {
        if (!pairs.partners[at]) {
            left[without_schema(first[at])].first.push_back(at);
        }
    }
    for (const std::size_t at : list_unpaired_second(pairs, second.size())) {
        left[without_schema(second[at])].second.push_back(at);
    }
    for (const auto& [name, candidates] : left) {
        if (candidates.first.size() != 1 || candidates.second.size() != 1) {
            continue;
        }
        const std::size_t ours = candidates.first.front();
        const std::size_t theirs = candidates.second.front();
        if (first[ours].schema.empty() || second[theirs].schema.empty()) {
            pairs.partners[ours] = theirs;
        }
    }
}

} // namespace

NamePairs pair_names(const std::vector<DumpObject>& first, const std::vector<DumpObject>& second) {
    NamePairs pairs{std::vector<std::optional<std::size_t>>(first.size()), {}};
    pair_exactly(pairs, first, second);
    pair_without_schema(pairs, first, second);
    pairs.unpaired = list_unpaired_second(pairs, second.size());
    return pairs;
}

} // namespace dbbackup::pg

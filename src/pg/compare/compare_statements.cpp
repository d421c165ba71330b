#include "pg/compare/outline_findings.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace dbbackup::pg {

namespace {

using Statements = std::vector<OutlinedStatement>;
using Digest = TextDigest OutlinedStatement::*;

/// Of a dump and of its copy.
struct Both {
    Statements dump;
    Statements copy;
};

struct Matched {
    Both alone;
    Both paired;
};

/// Divides `statements` into those with and without a partner among `others`: each is the partner
/// of one at most.
void divide(const Statements& statements, const Statements& others, Digest digest,
            Statements& alone, Statements& paired) {
    std::multiset<TextDigest> open;
    for (const OutlinedStatement& other : others) {
        open.insert(other.*digest);
    }
    for (const OutlinedStatement& statement : statements) {
        const auto found = open.find(statement.*digest);
        const bool is_alone = found == open.end();
        (is_alone ? alone : paired).push_back(statement);
        if (!is_alone) {
            open.erase(found);
        }
    }
}

Matched match(const Both& both, Digest digest) {
    Matched matched;
    divide(both.dump, both.copy, digest, matched.alone.dump, matched.paired.dump);
    divide(both.copy, both.dump, digest, matched.alone.copy, matched.paired.copy);
    return matched;
}

/// Those of which something is the same in every version, with that as their text.
Statements as_version_neutral(const Statements& statements) {
    Statements neutral;
    for (const OutlinedStatement& statement : statements) {
        if (statement.version_neutral) {
            neutral.push_back(statement);
            neutral.back().text = *statement.version_neutral;
        }
    }
    return neutral;
}

void describe(const Both& both, std::vector<std::string>& findings) {
    for (const OutlinedStatement& statement : both.dump) {
        findings.push_back("only in the dump: " + statement.beginning);
    }
    for (const OutlinedStatement& statement : both.copy) {
        findings.push_back("only in the copy: " + statement.beginning);
    }
}

} // namespace

StatementFindings compare_statements(const OutlineDetails& dump, const OutlineDetails& copy,
                                     ComparedText text) {
    StatementFindings findings;
    if (text == ComparedText::version_neutral) {
        const Both both{as_version_neutral(dump.statements), as_version_neutral(copy.statements)};
        describe(match(both, &OutlinedStatement::text).alone, findings.lone);
    } else if (text == ComparedText::statements) {
        const Both settings{dump.settings, copy.settings};
        describe(match(settings, &OutlinedStatement::text).alone, findings.lone);
        const Both both{dump.statements, copy.statements};
        const Both changed = match(both, &OutlinedStatement::text).alone;
        const Both different = match(changed, &OutlinedStatement::normal_form).alone;
        const Matched matched = match(different, &OutlinedStatement::skeleton);
        describe(matched.alone, findings.lone);
        describe(matched.paired, findings.rewritten);
    }
    return findings;
}

} // namespace dbbackup::pg

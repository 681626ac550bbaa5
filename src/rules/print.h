/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules as text: the way iptables-save and `iptables -L -v -n` of iptables 1.8.9 (legacy) print them. */
#ifndef RULES_PRINT_H
#define RULES_PRINT_H

#include "base/arena.h"
#include "base/text.h"
#include "rules/ast.h"

/* What stands behind "-A CHAIN": " -s 10.0.0.0/8 -p tcp -m tcp --dport 22 -j ACCEPT". */
void print_rule(const struct ast_rule *rule, enum family family, struct text *out);

/* print_rule(), kept with the rule from the second time on. */
const char *print_rule_text(struct ast_rule *rule, enum family family, struct arena *arena);

/* The columns of `iptables -L -v -n` behind the counters, from the target's name on. */
void print_listing(const struct ast_rule *rule, enum family family, struct text *out);

#endif

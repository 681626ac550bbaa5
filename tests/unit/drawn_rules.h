/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For tests that run packets through two evaluations of one ruleset, which must say the same: rulesets drawn at random, and the
 * comparison.
 */
#ifndef TESTS_DRAWN_RULES_H
#define TESTS_DRAWN_RULES_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "packet/decode.h"
#include "rules/eval.h"
#include "rules/eval_state.h"

enum { DRAWN_CHAINS = 4 };

static const char *const drawn_chains[DRAWN_CHAINS] = { "FORWARD", "one", "two", "three" };

static uint32_t draw(struct random *random, uint32_t n)
{
	return (uint32_t)(random_u64(random) % n);
}

#define PICK(random, words) (words)[draw(random, sizeof(words) / sizeof((words)[0]))]

/* Few values, so that rules and packets meet: hosts ::1 to ::5 in fd00::/64, or .0 to .5 in 10.0.0.0/24, and others. */
static void drawn_rules_add_generic(struct random *random, bool is_ipv6, struct text *rules)
{
	static const char *const ipv4[] = {
		"", "", " -s 10.0.0.0/30", " ! -s 10.0.0.1/32", " -d 192.168.0.0/31", " -s 10.0.0.2/32 -d 192.168.0.1/32",
		" -s 10.0.0.0/255.0.0.1", " -d 192.168.0.2/32", " -s 10.0.0.3/32", " -m realm --realm 1",
	};
	static const char *const ipv6[] = {
		"", "", " -s fd00::/126", " ! -s fd00::1/128", " -d fd01::/127", " -s fd00::2/128 -d fd01::1/128",
		" -s fd00::/8", " -d fd01::2/128", " -s fd00::3/128",
	};
	static const char *const interfaces[] = { "", "", "", "", " -i eth0", " ! -i eth+", " -o wan" };

	text_append(rules, is_ipv6 ? PICK(random, ipv6) : PICK(random, ipv4));
	text_append(rules, PICK(random, interfaces));
}

/* The last matches and targets look at more than a flow, or do more than count. */
static void drawn_rules_add_rule(struct random *random, bool is_ipv6, unsigned chain, struct text *rules)
{
	static const char *const matches[] = {
		"", "", "", " -p udp -m udp --dport 53", " -p udp -m udp --sport 1000:1001 --dport 53:80",
		" -p tcp -m tcp --dport 80", " -p tcp -m multiport --ports 53,80", " -p tcp", " ! -p udp", " -p udp",
		" -m conntrack --ctstate NEW", " -m state --state ESTABLISHED,RELATED", " -m connmark --mark 1",
		" -m conntrack --ctstatus ASSURED --ctdir ORIGINAL", " -m mark ! --mark 1", " -m comment --comment x",
		" -m conntrack ! --ctstatus SEEN_REPLY --ctorigdstport 53", " -p tcp -m tcp ! --dport 80",
		" -p udp -m comment --comment x -m udp --dport 80", " -p tcp -m tcp --dport 53 --tcp-flags SYN SYN",
		" -m limit --limit 1/hour --limit-burst 9", " -m length --length 60", " -p tcp -m tcp --tcp-flags SYN SYN",
		" -p udp -m limit --limit 1/hour --limit-burst 40 -m udp --dport 53", " -p tcp -m tcp --tcp-option 5",
		" -m statistic --mode nth --every 3 --packet 0", " -m conntrack --ctexpire 10:20",
	};
	static const char *const targets[] = {
		"", "", " -j ACCEPT", " -j DROP", " -j RETURN", " -j MARK --set-xmark 0x1/0x1", " -j LOG", " -j REJECT",
	};

	text_printf(rules, "-A %s", drawn_chains[chain]);
	drawn_rules_add_generic(random, is_ipv6, rules);
	text_append(rules, PICK(random, matches));
	if (chain + 1 < DRAWN_CHAINS && draw(random, 3) == 0)
		text_printf(rules, " -%c %s\n", draw(random, 4) ? 'j' : 'g',
			    drawn_chains[chain + 1 + draw(random, DRAWN_CHAINS - chain - 1)]);
	else
		text_printf(rules, "%s\n", PICK(random, targets));
}

/* Chains of at most `most` rules. `rules` and `source` are the caller's to clear. */
static struct ruleset *drawn_rules_load(struct random *random, bool is_ipv6, uint32_t most, struct source *source, struct text *rules)
{
	struct ruleset_input input = { .source = source, .family = is_ipv6 ? FAMILY_IPV6 : FAMILY_IPV4 };
	struct diagnostics diagnostics;
	struct ruleset *ruleset;
	struct text errors;

	text_printf(rules, "*filter\n:FORWARD %s [0:0]\n:one - [0:0]\n:two - [0:0]\n:three - [0:0]\n",
		    draw(random, 2) ? "DROP" : "ACCEPT");
	for (unsigned chain = 0; chain < DRAWN_CHAINS; chain++)
		for (uint32_t n = draw(random, most) + 1; n > 0; n--)
			drawn_rules_add_rule(random, is_ipv6, chain, rules);
	text_append(rules, "COMMIT\n");
	source_init(source, "drawn.rules", text_string(rules), rules->len);
	diag_init(&diagnostics);
	ruleset = ruleset_load(&input, 1, NULL, &diagnostics);
	text_init(&errors);
	diag_print(&diagnostics, &errors);
	ck_assert_msg(ruleset != NULL, "%.200s", text_string(&errors));
	text_clear(&errors);
	diag_clear(&diagnostics);
	return ruleset;
}

/* One of two evaluations, and what it said last. */
struct run {
	struct evaluation *evaluation;
	struct eval_trace trace;
	struct eval_result result;
	struct subject subject;
};

static void drawn_rules_compare(const struct run *plain, const struct run *other)
{
	ck_assert_int_eq(other->result.verdict, plain->result.verdict);
	ck_assert_ptr_eq(other->result.decided_by, plain->result.decided_by);
	ck_assert_int_eq(other->result.is_default, plain->result.is_default);
	ck_assert_ptr_eq(other->result.hotdrop, plain->result.hotdrop);
	ck_assert_uint_eq(other->subject.mark, plain->subject.mark);
	ck_assert_int_eq(other->subject.request.reject, plain->subject.request.reject);
	ck_assert_ptr_eq(other->trace.unsimulated, plain->trace.unsimulated);
	ck_assert_uint_eq(other->trace.n_matched, plain->trace.n_matched);
	if (plain->trace.n_matched)
		ck_assert_mem_eq(other->trace.matched, plain->trace.matched, plain->trace.n_matched * sizeof(*plain->trace.matched));
}

static void drawn_rules_compare_counters(const struct run *runs, const struct ruleset *ruleset, bool is_ipv6)
{
	const struct table_state *plain = &runs[0].evaluation->tables[is_ipv6][TABLE_FILTER];
	const struct table_state *other = &runs[1].evaluation->tables[is_ipv6][TABLE_FILTER];
	uint32_t n_rules = ruleset->programs[is_ipv6][TABLE_FILTER].n_rules;

	ck_assert_mem_eq(other->counters, plain->counters, n_rules * sizeof(*plain->counters));
	ck_assert_mem_eq(other->n_unknown, plain->n_unknown, n_rules * sizeof(*plain->n_unknown));
	if (plain->tries)
		ck_assert_mem_eq(other->tries, plain->tries, n_rules * sizeof(*plain->tries));
}

#endif

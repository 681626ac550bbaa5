/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/lint.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "rules/cover.h"
#include "rules/extent.h"
#include "rules/program.h"

enum { MOST_BEFORE_ESTABLISHED = 10, ICMP_ERRORS_FIRST = 3 * 256, ICMP_TIME_EXCEEDED = 11 * 256 };

/* Values of FIELD_CTSTATE: bit numbers of enum ctstate_bit. */
enum { STATE_INVALID, STATE_NEW, STATE_RELATED, STATE_ESTABLISHED, STATE_UNTRACKED };

enum remark {
	REMARK_SHADOWED, REMARK_IMPOSSIBLE, REMARK_REDUNDANT, REMARK_UNCALLED, REMARK_NO_ESTABLISHED, REMARK_LATE_ESTABLISHED,
	REMARK_INVALID_ACCEPTED, REMARK_ICMP_ERRORS, REMARK_UNTRACKED, REMARK_ACCEPTS_ALL, REMARK_LOG_LIMIT,
	REMARK_MASQUERADE_ANYWHERE, REMARK_NO_HELPER, N_REMARKS,
};

static const struct { const char *name, *summary; } remarks[N_REMARKS] = {
	[REMARK_SHADOWED] = { "shadowed", "earlier rules take everything that the rule would match" },
	[REMARK_IMPOSSIBLE] = { "impossible", "the rule's conditions contradict each other" },
	[REMARK_REDUNDANT] = { "redundant", "later rules or the policy do the same" },
	[REMARK_UNCALLED] = { "uncalled-chain", "no rule jumps to the chain" },
	[REMARK_NO_ESTABLISHED] = { "no-established", "a chain that drops by default lets no answers in" },
	[REMARK_LATE_ESTABLISHED] = { "late-established", "most packets are compared with many rules before the one that lets answers in" },
	[REMARK_INVALID_ACCEPTED] = { "invalid-accepted", "packets that are INVALID are let in before they are dropped, or never are" },
	[REMARK_ICMP_ERRORS] = { "icmp-errors-dropped", "ICMP errors about the host's own connections are dropped" },
	[REMARK_UNTRACKED] = { "untracked-dropped", "packets that are not tracked meet rules that ask for a state" },
	[REMARK_ACCEPTS_ALL] = { "accepts-all", "a chain only accepts, and its policy accepts the rest" },
	[REMARK_LOG_LIMIT] = { "log-without-limit", "a stranger can fill the log" },
	[REMARK_MASQUERADE_ANYWHERE] = { "masquerade-anywhere", "translation of the source is not bound to an outgoing interface" },
	[REMARK_NO_HELPER] = { "no-helper", "a protocol that opens further connections is let in without its helper" },
};

const char *lint_remark(size_t index, const char **summary)
{
	if (index >= N_REMARKS)
		return NULL;
	*summary = remarks[index].summary;
	return remarks[index].name;
}

struct lint {
	const struct ruleset *ruleset;
	const struct ast_table *table;	/* at hand */
	struct diagnostics *diagnostics;
	size_t n_remarks;
	const struct source *source;	/* that was asked about last, and the line of it; what is silenced there, bits of enum remark */
	const char *line, *line_end;
	uint32_t silenced_in_file, silenced_in_line;
};

/* Bits of enum remark: those whose names are in a list. */
static uint32_t remarks_in_list(const char *list, const char *end)
{
	static const char between[] = " \t,";
	uint32_t bits = 0;

	while (list < end) {
		const char *word = list;

		while (list < end && !strchr(" \t,\r", *list))
			list++;
		for (unsigned i = 0; i < N_REMARKS; i++) {
			if (strlen(remarks[i].name) == (size_t)(list - word) && memcmp(remarks[i].name, word, (size_t)(list - word)) == 0)
				bits |= UINT32_C(1) << i;
		}
		if (list < end && *list == '\r')
			break;
		while (list < end && strchr(between, *list))
			list++;
	}
	return bits;
}

/* What the marks in a text silence: each up to the end of its line. */
static uint32_t remarks_marked(const char *from, const char *to, const char *mark)
{
	size_t len = strlen(mark);
	const char *at = memmem(from, (size_t)(to - from), mark, len), *next;
	uint32_t bits = 0;

	for (; at; at = next) {
		const char *list = at + len, *end;

		next = memmem(list, (size_t)(to - list), mark, len);
		end = memchr(list, '\n', (size_t)((next ? next : to) - list));
		bits |= remarks_in_list(list, end ? end : next ? next : to);
	}
	return bits;
}

static const char *line_start(const char *text, const char *at)
{
	while (at > text && at[-1] != '\n')
		at--;
	return at;
}

/* What the whole file silences; for a line: itself, and the comment lines right above it. Kept for the next one that asks. */
static bool is_silenced(struct lint *lint, const struct source_range *where, enum remark remark)
{
	const char *text = where->source->text, *to = text + where->source->len, *at = text + where->offset, *from, *newline;

	if (lint->source != where->source) {
		lint->source = where->source;
		lint->silenced_in_file = remarks_marked(text, to, "# lint-file:");
		lint->line = lint->line_end = NULL;
	}
	if (!lint->line || at < lint->line || at > lint->line_end) {
		from = line_start(text, at);
		newline = memchr(from, '\n', (size_t)(to - from));
		lint->line = from;
		lint->line_end = newline ? newline : to;
		while (from > text) {
			const char *above = line_start(text, from - 1);

			if (*above != '#')
				break;
			from = above;
		}
		lint->silenced_in_line = remarks_marked(from, lint->line_end, "# lint:");
	}
	return (lint->silenced_in_file | lint->silenced_in_line) >> remark & 1;
}

static void say(struct lint *lint, enum remark remark, const struct source_range *where, const char *hint, const char *format,
		...) __attribute__((format(printf, 5, 6)));

static void say(struct lint *lint, enum remark remark, const struct source_range *where, const char *hint, const char *format,
		...)
{
	struct text text;
	va_list args;

	if (!where->source || is_silenced(lint, where, remark))
		return;
	text_init(&text);
	va_start(args, format);
	text_vprintf(&text, format, args);
	va_end(args);
	diag_warning(lint->diagnostics, *where, hint, "%s: %s", remarks[remark].name, text_string(&text));
	text_clear(&text);
	lint->n_remarks++;
}

static const struct ast_rule *rule_at(const struct lint *lint, const struct rule_place *place)
{
	const struct ast_table *table =
		&lint->ruleset->ast.tables[ast_family_index((enum family)place->family)][ast_table_by_name(place->table)];
	const struct ast_chain *chain = ast_find_chain(table, place->chain);

	return chain->rules[place->number - 1];
}

static void print_names(const struct finding *finding, struct text *out)
{
	for (size_t i = 0; i < finding->n_by; i++) {
		text_append(out, i ? ", " : "");
		if (!finding->by[i]->number)
			text_append(out, "the policy");
		else
			text_printf(out, "rule %" PRIu32 " (line %" PRIu32 ")", finding->by[i]->number, finding->by[i]->line);
	}
}

static void say_finding(void *owner, const struct finding *finding)
{
	struct lint *lint = owner;
	const struct source_range *where = &rule_at(lint, finding->rule)->where;
	struct text names;

	text_init(&names);
	print_names(finding, &names);
	switch (finding->kind) {
	case FINDING_SHADOWED:
		say(lint, REMARK_SHADOWED, where, NULL, "no packet comes to this rule: %s takes them", text_string(&names));
		break;
	case FINDING_IMPOSSIBLE:
		say(lint, REMARK_IMPOSSIBLE, where, NULL, "no packet can be so");
		break;
	case FINDING_REDUNDANT:
		say(lint, REMARK_REDUNDANT, where, NULL, "without this rule %s would do the same", text_string(&names));
		break;
	}
	text_clear(&names);
}

static bool has_match(const struct ast_rule *rule, const char *name)
{
	for (const struct ast_extension *match = rule->matches; match; match = match->next)
		if (strcmp(match->name.text, name) == 0)
			return true;
	return false;
}

static bool asks_state(const struct ast_rule *rule)
{
	return has_match(rule, "state") || has_match(rule, "conntrack");
}

/* Some packet of this value in the field may match. */
static bool may_take(const struct lint *lint, const struct ast_rule *rule, enum packet_field field, uint64_t value)
{
	struct extent extent;
	bool takes = false;

	extent_init_rule(&extent, lint->table, rule);
	for (size_t i = 0; i < extent.n_boxes && !takes; i++)
		takes = extent.boxes[i].first[field].low <= value && extent.boxes[i].last[field].low >= value;
	extent_clear(&extent);
	return takes;
}

static bool accepts_established(const struct lint *lint, const struct ast_rule *rule)
{
	return rule->action == ACTION_ACCEPT && may_take(lint, rule, FIELD_CTSTATE, STATE_ESTABLISHED) &&
	       (asks_state(rule) || (!rule->tests && !rule->matches));
}

static bool drops(const struct ast_rule *rule)
{
	return rule->action == ACTION_DROP || (rule->action == ACTION_TARGET && strcmp(rule->target_name.text, "REJECT") == 0);
}

static bool is_for_loopback(const struct ast_rule *rule)
{
	return strcmp(rule->in, "lo") == 0 || strcmp(rule->out, "lo") == 0;
}

static bool chain_drops_the_rest(const struct ast_chain *chain)
{
	const struct ast_rule *last = chain->n_rules ? chain->rules[chain->n_rules - 1] : NULL;

	return chain->drops || (last && drops(last) && !last->tests && !last->matches);
}

/* Some chain of the table that can be reached from the hook. */
static bool any_rule(const struct lint *lint, enum hook hook, bool (*is_it)(const struct lint *lint, const struct ast_rule *rule))
{
	for (size_t i = 0; i < lint->table->n_chains; i++)
		for (size_t k = 0; k < lint->table->chains[i]->n_rules; k++) {
			const struct ast_rule *rule = lint->table->chains[i]->rules[k];

			if ((rule->hooks >> hook & 1) && is_it(lint, rule))
				return true;
		}
	return false;
}

static bool accepts_anything(const struct lint *lint, const struct ast_rule *rule)
{
	(void)lint;
	return rule->action == ACTION_ACCEPT && !is_for_loopback(rule);
}

static const struct source_range *place_of(const struct ast_chain *chain, const struct ast_table *table)
{
	if (chain->where.source)
		return &chain->where;
	return chain->n_rules ? &chain->rules[0]->where : &table->where;
}

/* A chain that drops by default, lets something in, and no answers. */
static void look_at_established(struct lint *lint, const struct ast_chain *chain)
{
	if (chain_drops_the_rest(chain) && any_rule(lint, chain->hook, accepts_anything) &&
	    !any_rule(lint, chain->hook, accepts_established))
		say(lint, REMARK_NO_ESTABLISHED, place_of(chain, lint->table), "-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
		    "%s drops what no rule accepts, and no rule accepts answers (ESTABLISHED)", chain->name);
	for (size_t i = 0; i < chain->n_rules; i++) {
		if (!accepts_established(lint, chain->rules[i]))
			continue;
		if (i > MOST_BEFORE_ESTABLISHED)
			say(lint, REMARK_LATE_ESTABLISHED, &chain->rules[i]->where, NULL,
			    "%zu rules stand before the one that lets answers in: every packet of a connection is compared with them", i);
		return;
	}
}

/* The first rule that lets INVALID packets in, where states matter at all. */
static void look_at_invalid(struct lint *lint, const struct ast_chain *chain)
{
	bool is_stateful = false;

	for (size_t i = 0; i < chain->n_rules; i++)
		is_stateful |= asks_state(chain->rules[i]);
	for (size_t i = 0; is_stateful && i < chain->n_rules; i++) {
		const struct ast_rule *rule = chain->rules[i];
		bool takes = may_take(lint, rule, FIELD_CTSTATE, STATE_INVALID);

		if (drops(rule) && takes && (asks_state(rule) || (!rule->tests && !rule->matches)))
			return;
		if (rule->action != ACTION_ACCEPT || !takes || is_for_loopback(rule))
			continue;
		say(lint, REMARK_INVALID_ACCEPTED, &rule->where, "-m conntrack --ctstate INVALID -j DROP before it",
		    "packets that belong to no connection and begin none (INVALID) are let in here");
		return;
	}
}

static bool takes_icmp_errors(const struct lint *lint, const struct ast_rule *rule)
{
	return may_take(lint, rule, FIELD_ICMP, ICMP_ERRORS_FIRST) || may_take(lint, rule, FIELD_ICMP, ICMP_TIME_EXCEEDED);
}

/* ICMP is refused by name, and neither RELATED nor the errors were let in before. */
static void look_at_icmp(struct lint *lint, const struct ast_chain *chain)
{
	bool is_ipv6 = lint->table->family == FAMILY_IPV6;

	for (size_t i = 0; i < chain->n_rules && !is_ipv6; i++) {
		const struct ast_rule *rule = chain->rules[i];
		bool is_icmp = (rule->tests & TEST_PROTOCOL) && !(rule->inverted & TEST_PROTOCOL) && rule->protocol == 1;

		if (rule->action == ACTION_ACCEPT && may_take(lint, rule, FIELD_CTSTATE, STATE_RELATED) && takes_icmp_errors(lint, rule) &&
		    may_take(lint, rule, FIELD_PROTOCOL, 1) && !is_for_loopback(rule))
			return;
		if (!is_icmp || !drops(rule) || !takes_icmp_errors(lint, rule) || !may_take(lint, rule, FIELD_CTSTATE, STATE_RELATED))
			continue;
		say(lint, REMARK_ICMP_ERRORS, &rule->where, "let RELATED in before it",
		    "ICMP errors are dropped too: connections hang instead of failing, and large packets vanish");
		return;
	}
}

static bool takes_untracked(const struct lint *lint, const struct ast_rule *rule)
{
	return rule->action == ACTION_ACCEPT && !is_for_loopback(rule) && may_take(lint, rule, FIELD_CTSTATE, STATE_UNTRACKED);
}

static void look_at_accepts(struct lint *lint, const struct ast_chain *chain)
{
	if (chain->drops || !chain->n_rules)
		return;
	for (size_t i = 0; i < chain->n_rules; i++)
		if (chain->rules[i]->action != ACTION_ACCEPT)
			return;
	say(lint, REMARK_ACCEPTS_ALL, place_of(chain, lint->table), ":INPUT DROP, or a last rule that drops",
	    "every rule of %s accepts, and so does its policy: it keeps nothing out", chain->name);
}

static void look_at_filter(struct lint *lint)
{
	for (size_t i = 0; i < lint->table->n_chains; i++) {
		const struct ast_chain *chain = lint->table->chains[i];

		if (!chain->is_builtin)
			continue;
		look_at_accepts(lint, chain);
		if (chain->hook == HOOK_OUTPUT)
			continue;
		look_at_established(lint, chain);
		look_at_invalid(lint, chain);
		look_at_icmp(lint, chain);
	}
}

/* NOTRACK in raw, and a filter that drops by default and lets in no packet without a state. */
static void look_at_notrack(struct lint *lint)
{
	const struct ast_table *raw = lint->table;
	const struct ast_table *filter = &lint->ruleset->ast.tables[ast_family_index(raw->family)][TABLE_FILTER];
	struct lint of_filter = *lint;
	const struct ast_chain *input = filter->is_loaded ? ast_find_chain(filter, "INPUT") : NULL;

	of_filter.table = filter;
	if (!input || !chain_drops_the_rest(input) || any_rule(&of_filter, HOOK_INPUT, takes_untracked))
		return;
	for (size_t i = 0; i < raw->n_chains; i++)
		for (size_t k = 0; k < raw->chains[i]->n_rules; k++) {
			const struct ast_rule *rule = raw->chains[i]->rules[k];
			bool is_notrack = rule->action == ACTION_TARGET &&
					  (strcmp(rule->target_name.text, "NOTRACK") == 0 ||
					   (strcmp(rule->target_name.text, "CT") == 0 && strstr(rule->place.text, "--notrack")));

			if (is_notrack && (rule->hooks >> HOOK_PREROUTING & 1))
				say(lint, REMARK_UNTRACKED, &rule->where, "-m conntrack --ctstate UNTRACKED -j ACCEPT in filter",
				    "these packets have no state, and filter INPUT lets in only what has one");
		}
}

static void look_at_log(struct lint *lint, const struct ast_rule *rule)
{
	static const char *const limits[] = { "limit", "hashlimit", "statistic", "recent", "quota", "connlimit" };

	if (rule->action != ACTION_TARGET || strcmp(rule->target_name.text, "LOG") != 0)
		return;
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		if (has_match(rule, limits[i]))
			return;
	say(lint, REMARK_LOG_LIMIT, &rule->where, "-m limit --limit 5/min", "every packet writes a line: a stranger can fill the log");
}

static void look_at_source_nat(struct lint *lint, const struct ast_rule *rule)
{
	bool is_source_nat = rule->action == ACTION_TARGET && (strcmp(rule->target_name.text, "MASQUERADE") == 0 ||
								strcmp(rule->target_name.text, "SNAT") == 0);

	if (is_source_nat && (rule->hooks >> HOOK_POSTROUTING & 1) && !(rule->tests & (TEST_OUT | TEST_SOURCE | TEST_DESTINATION)) &&
	    !rule->matches)
		say(lint, REMARK_MASQUERADE_ANYWHERE, &rule->where, "-o and the interface outwards",
		    "the source is translated whichever way the packet leaves: inside, every client looks like the router");
}

/* Protocols that need a helper, by the port that they are let in at. */
static void look_at_helper(struct lint *lint, const struct ast_rule *rule)
{
	static const struct { uint8_t protocol; uint16_t port; const char *helper; } helpers[] = {
		{ 6, 21, "ftp" }, { 17, 69, "tftp" }, { 6, 1723, "pptp" },
	};

	if (rule->action != ACTION_ACCEPT || !strstr(rule->place.text, "dport"))
		return;
	for (size_t i = 0; i < sizeof(helpers) / sizeof(helpers[0]); i++) {
		const struct ast_table *raw = &lint->ruleset->ast.tables[ast_family_index(lint->table->family)][TABLE_RAW];
		bool has_helper = false;
		struct extent extent;

		extent_init_rule(&extent, lint->table, rule);
		for (size_t k = 0; raw->is_loaded && k < raw->n_chains; k++)
			for (size_t n = 0; n < raw->chains[k]->n_rules; n++)
				has_helper |= strstr(raw->chains[k]->rules[n]->place.text, "--helper") != NULL;
		for (size_t k = 0; k < extent.n_boxes && !has_helper; k++) {
			const struct extent_box *box = &extent.boxes[k];

			if (box->first[FIELD_PROTOCOL].low != helpers[i].protocol || box->last[FIELD_PROTOCOL].low != helpers[i].protocol ||
			    box->first[FIELD_DESTINATION_PORT].low != helpers[i].port || box->last[FIELD_DESTINATION_PORT].low != helpers[i].port)
				continue;
			say(lint, REMARK_NO_HELPER, &rule->where, "-t raw -j CT --helper",
			    "%s opens further connections, which are RELATED only with its helper: kernels assign none by themselves",
			    helpers[i].helper);
			break;
		}
		extent_clear(&extent);
	}
}

static void look_at_rules(struct lint *lint)
{
	for (size_t i = 0; i < lint->table->n_chains; i++) {
		const struct ast_chain *chain = lint->table->chains[i];

		if (!chain->is_builtin && !chain->n_references)
			say(lint, REMARK_UNCALLED, place_of(chain, lint->table), NULL, "no rule jumps to chain %s", chain->name);
		for (size_t k = 0; k < chain->n_rules; k++) {
			look_at_log(lint, chain->rules[k]);
			look_at_source_nat(lint, chain->rules[k]);
			look_at_helper(lint, chain->rules[k]);
		}
	}
}

size_t ruleset_lint(const struct ruleset *ruleset, struct diagnostics *diagnostics)
{
	struct lint lint = { .ruleset = ruleset, .diagnostics = diagnostics };

	for (unsigned i = 0; i < 2 * TABLE_COUNT; i++) {
		lint.table = &ruleset->ast.tables[i / TABLE_COUNT][i % TABLE_COUNT];
		if (!lint.table->is_loaded)
			continue;
		look_at_rules(&lint);
		if (lint.table->table == TABLE_FILTER)
			look_at_filter(&lint);
		if (lint.table->table == TABLE_RAW)
			look_at_notrack(&lint);
	}
	if (!ruleset_find_useless(ruleset, say_finding, &lint))
		diag_warning(diagnostics, (struct source_range){ .source = NULL }, NULL, "%s", cover_partial);
	return lint.n_remarks;
}

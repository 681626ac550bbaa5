/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options that no loaded extension knows: kept for one that is not simulated, or explained. */
#include <string.h>

#include "packet/protocol.h"
#include "rules/options.h"
#include "rules/parse.h"

/* Which values iptables-save would quote is not known: a word is kept as it was written. */
static void keep_word(const struct argument *word, struct text *out)
{
	const struct source_range *where = &word->where;
	bool was_quoted = where->offset && strchr("\"'", where->source->text[where->offset - 1]);

	text_append_char(out, ' ');
	if (was_quoted || !*word->text || strpbrk(word->text, " \t\"'\\"))
		options_print_string(word->text, out);
	else
		text_append(out, word->text);
}

/* The extension is not simulated: what looks like its option is kept as it is, with the words behind it. */
static void keep_option(struct invocation *invocation, const struct parsed_option *option)
{
	struct ast_extension *extension = invocation->last_unsimulated;
	struct text text;

	text_init(&text);
	text_printf(&text, "%s%s %s", extension->words, option->is_inverted ? " !" : "", option->name.text);
	if (option->value.text)
		keep_word(&option->value, &text);
	while (!option->value.text && invocation->next < invocation->n_words) {
		const char *word = invocation->words[invocation->next].text;

		if (word[0] == '-' || parse_is_not(&invocation->words[invocation->next]) || strstr(word, "tables"))
			break;
		keep_word(&invocation->words[invocation->next++], &text);
	}
	extension->words = arena_copy_string(&invocation->parser->ast->arena, text_string(&text));
	text_clear(&text);
}

enum { CANDIDATES_MOST = 512 };

struct candidates {
	const char *names[CANDIDATES_MOST];
	size_t n;
};

static void add_options(struct candidates *candidates, const struct option_spec *options, size_t n_options)
{
	for (size_t i = 0; i < n_options && candidates->n < CANDIDATES_MOST; i++)
		candidates->names[candidates->n++] = options[i].name;
}

/* The long names that would have been understood in this rule. */
static void collect_candidates(const struct invocation *invocation, struct candidates *candidates)
{
	size_t n_generic;
	const struct generic_option *generic = parse_option_table(&n_generic);

	for (size_t i = 0; i < invocation->n_loaded; i++) {
		const struct ast_extension *extension = invocation->loaded[i];

		if (extension->match)
			add_options(candidates, extension->match->options, extension->match->n_options);
		else if (extension->target)
			add_options(candidates, extension->target->options, extension->target->n_options);
	}
	for (size_t i = 0; i < n_generic && candidates->n < CANDIDATES_MOST; i++)
		candidates->names[candidates->n++] = generic[i].name;
}

static bool owns_option(const struct option_spec *options, size_t n_options, const char *name)
{
	for (size_t i = 0; i < n_options; i++) {
		if (strcmp(options[i].name, name) == 0)
			return true;
	}
	return false;
}

/* Does a match that the rule did not load know the option? */
static const struct match_type *missing_match(const struct invocation *invocation, const char *name)
{
	uint8_t family = invocation->family == FAMILY_IPV6 ? EXTENSION_IPV6 : EXTENSION_IPV4;

	for (const struct match_type *const *match = extension_matches(); *match; match++) {
		if (((*match)->families & family) && owns_option((*match)->options, (*match)->n_options, name))
			return *match;
	}
	return NULL;
}

static const char *missing_target(const struct invocation *invocation, const char *name)
{
	uint8_t family = invocation->family == FAMILY_IPV6 ? EXTENSION_IPV6 : EXTENSION_IPV4;

	for (const struct target_type *const *target = extension_targets(); *target; target++) {
		if (((*target)->families & family) && owns_option((*target)->options, (*target)->n_options, name))
			return (*target)->name;
	}
	return NULL;
}

static bool has_two_dashes_too_few(const struct parsed_option *option)
{
	return option->name.text[0] == '-' && option->name.text[1] != '-';
}

/* Options that never were, or were once. */
static const struct {
	const char *name, *hint;
} other_names[] = {
	{ "port", "--dport is the port that a packet goes to, --sport the one that it comes from" },
	{ "ports", "needs -m multiport before it" },
	{ "days", "since iptables 1.4: --weekdays" },
	{ "prefix", "of LOG: --log-prefix" },
	{ "level", "of LOG: --log-level" },
	{ "mac-destination", "there is none: only --mac-source" },
	{ "reject", "a target is written -j REJECT" },
	{ "accept", "a target is written -j ACCEPT" },
	{ "drop", "a target is written -j DROP" },
	{ "log", "a target is written -j LOG" },
	{ "interface", "--in-interface (-i) or --out-interface (-o)" },
	{ "iface", "--in-interface (-i) or --out-interface (-o)" },
	{ "established", "write -m conntrack --ctstate ESTABLISHED" },
};

/* The match that knows it: brought along by a protocol, or loaded by -m. */
static void explain_match(const struct invocation *invocation, const struct match_type *match, struct text *hint)
{
	const char *protocol = match->protocols && !match->protocols[1] ? protocol_name(match->protocols[0]) : NULL;

	if (!protocol)
		text_printf(hint, "belongs to -m %s, which must stand before it", match->name);
	else if (invocation->protocol_word.text)
		text_printf(hint, "belongs to -p %s, and this rule has -p %s", protocol, invocation->protocol_word.text);
	else
		text_printf(hint, "needs -p %s before it", protocol);
}

/* Words for "what could it be?", or nothing. */
static void explain(const struct invocation *invocation, const struct parsed_option *option, struct text *hint)
{
	static const char *const port_options[] = { "dport", "sport", "destination-port", "source-port" };
	const char *name = option->name.text + 2, *owner;
	struct candidates candidates = { .n = 0 };
	const struct match_type *match;
	const char *nearest;

	if (has_two_dashes_too_few(option)) {
		text_append(hint, "long options begin with two dashes");
		return;
	}
	for (size_t i = 0; i < 4; i++) {
		if (strcmp(name, port_options[i]) != 0)
			continue;
		text_append(hint, invocation->protocol_word.text ? "this protocol has no ports" :
								    "needs -p tcp or -p udp before it");
		return;
	}
	for (size_t i = 0; i < sizeof(other_names) / sizeof(other_names[0]); i++) {
		if (strcmp(name, other_names[i].name) != 0)
			continue;
		text_append(hint, other_names[i].hint);
		return;
	}
	match = missing_match(invocation, name);
	if (match) {
		explain_match(invocation, match, hint);
		return;
	}
	owner = missing_target(invocation, name);
	if (owner) {
		text_printf(hint, "belongs to -j %s, which must stand before it", owner);
		return;
	}
	collect_candidates(invocation, &candidates);
	nearest = diag_nearest(name, candidates.names, candidates.n);
	if (nearest)
		text_printf(hint, "did you mean --%s?", nearest);
}

bool parse_is_long_name(const struct invocation *invocation, const char *name)
{
	size_t n_fitting;

	return parse_option_by_name(name, true, &n_fitting) || missing_match(invocation, name) ||
	       missing_target(invocation, name);
}

void parse_unknown_option(struct invocation *invocation, const struct parsed_option *option)
{
	struct text hint;

	if (invocation->last_unsimulated && !has_two_dashes_too_few(option)) {
		keep_option(invocation, option);
		return;
	}
	text_init(&hint);
	explain(invocation, option, &hint);
	parse_error(invocation, option->name.where, hint.len ? text_string(&hint) : NULL, "unknown option \"%s\"",
		    lex_shorten(&invocation->parser->ast->arena, option->name.text));
	text_clear(&hint);
}

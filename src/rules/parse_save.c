/* SPDX-License-Identifier: GPL-2.0-or-later */
/* iptables-save output: "*table", ":CHAIN POLICY [p:b]", "-A ...", "COMMIT". Linux iptables 1.8.9, iptables-restore.c. */
#include <stdio.h>
#include <string.h>

#include "rules/parse.h"

/* One pass over a section, for one family. */
struct section {
	struct parser *parser;
	struct lex_words words;
	struct ast_table *ast_table;
	enum family family;
	enum table table;
	struct source_range where;	/* the "*table" line */
	bool is_committed;
};

/* "[packets:bytes]" */
static bool parse_bracketed(const char *text, uint64_t *n_packets, uint64_t *n_bytes)
{
	char packets[24], bytes[24];
	int len = 0;

	return sscanf(text, "[%23[0-9]:%23[0-9]]%n", packets, bytes, &len) == 2 && len && !text[len] &&
	       parse_u64(packets, n_packets) && parse_u64(bytes, n_bytes);
}

static void begin(struct section *section, struct invocation *invocation, size_t first)
{
	parse_invocation_init(invocation, section->parser, &section->words, first);
	invocation->family = section->family;
	invocation->table = section->table;
	invocation->is_saved = true;
}

static void parse_policy(struct invocation *invocation, struct ast_chain *chain, const struct argument *policy)
{
	if (strcmp(policy->text, "-") == 0)
		return;
	if (!chain->is_builtin) {
		parse_error(invocation, policy->where, "a chain of your own has \"-\" here",
			    "only built-in chains have a policy");
	} else if (strcmp(policy->text, "ACCEPT") != 0 && strcmp(policy->text, "DROP") != 0) {
		parse_error(invocation, policy->where, "a policy is ACCEPT or DROP", "bad policy \"%s\"",
			    lex_shorten(&invocation->parser->ast->arena, policy->text));
	} else {
		chain->drops = policy->text[0] == 'D';
		chain->has_policy = true;
		chain->policy_line = invocation->line;
		chain->policy_file = invocation->parser->source->name;
	}
}

/* ":NAME POLICY [p:b]" */
static void parse_chain_line(struct section *section)
{
	const struct lex_words *words = &section->words;
	bool is_apart = !words->words[0].text[1];
	struct argument name = words->words[0];
	struct invocation invocation;
	struct ast_chain *chain;
	size_t at = is_apart ? 2 : 1;

	begin(section, &invocation, 0);
	if (is_apart && words->n_words > 1) {
		name = words->words[1];
	} else {
		name.text++;
		name.where.offset++;
		name.where.len--;
	}
	chain = ast_find_chain(section->ast_table, name.text);
	/* --noflush: a chain of the user's that is declared anew is emptied. */
	if (chain && !chain->is_builtin && !chain->is_missing && section->parser->keeps_tables)
		ast_flush_chain(chain);
	else if (!chain || !chain->is_builtin)
		chain = parse_make_chain(&invocation, section->ast_table, &name);
	if (!chain)
		return;
	if (words->n_words <= at) {
		parse_error(&invocation, name.where, "like \":INPUT ACCEPT [0:0]\" or \":mychain - [0:0]\"",
			    "chain %s has no policy", name.text);
		return;
	}
	parse_policy(&invocation, chain, &words->words[at]);
	if (words->n_words > at + 1 && words->words[at + 1].text[0] == '[' &&
	    !parse_bracketed(words->words[at + 1].text, &chain->n_packets, &chain->n_bytes))
		parse_error(&invocation, words->words[at + 1].where, "like [0:0]: packets and bytes", "bad counters");
}

static void parse_rule_line(struct section *section)
{
	const struct lex_words *words = &section->words;
	bool has_counters = words->words[0].text[0] == '[';
	struct invocation invocation;

	begin(section, &invocation, has_counters);
	if (has_counters && !parse_bracketed(words->words[0].text, &invocation.rule->n_packets, &invocation.rule->n_bytes)) {
		parse_error(&invocation, words->words[0].where, "like [0:0]: packets and bytes", "bad counters");
		return;
	}
	if (invocation.n_words && strstr(invocation.words[0].text, "tables")) {
		parse_error(&invocation, invocation.words[0].where, "leave the command's name out, or the \"*table\" line",
			    "a command inside a table");
		return;
	}
	(void)parse_invocation(&invocation);
}

/* iptables-restore compares whole lines: an empty one, one that begins with '#', "COMMIT" and nothing else. */
static void check_whole_line(struct section *section, struct source_range line, const char *hint, const char *what)
{
	const char *text = line.source->text + line.offset, *end = memchr(text, '\n', line.source->len - line.offset);
	size_t len = end ? (size_t)(end - text) : line.source->len - line.offset;

	/* A carriage return was reported for the whole file. */
	if (len && text[len - 1] == '\r')
		len--;
	if (text[0] == ' ' || text[0] == '\t' || len > line.len)
		diag_error(section->parser->diagnostics, (struct source_range){ line.source, line.offset, (uint32_t)len }, hint,
			   "iptables-restore refuses %s", what);
}

static void check_commit_line(struct section *section, struct source_range line)
{
	check_whole_line(section, line, "COMMIT stands alone, at the beginning of its line", "blanks around COMMIT");
	if (!memchr(line.source->text + line.offset, '\n', line.source->len - line.offset))
		diag_error(section->parser->diagnostics, line, "press Enter behind it",
			   "iptables-restore refuses a last line without line end");
}

static void parse_section_line(struct section *section)
{
	struct lexer *lexer = &section->parser->lexer;
	struct source_range line = lex_line(lexer);
	char first = lex_peek(lexer);

	if (first == '\0' || first == '#') {
		if (first == '\0')
			check_whole_line(section, line, "make it empty", "a line of blanks");
		else if (line.source->text[line.offset] != '#')
			check_whole_line(section, line, "comments begin in the first column", "a comment behind blanks");
		lex_skip_line(lexer);
		return;
	}
	if (!(section->parser->is_expanded ? lex_read_heredoc : lex_read_saved)(lexer, &section->words))
		return;
	if (section->words.unset.text) {
		parse_report_unset(section->parser, &section->words.unset);
		return;
	}
	if (!section->words.n_words)
		return;
	if (strcmp(section->words.words[0].text, "COMMIT") == 0 && section->words.n_words == 1) {
		check_commit_line(section, line);
		section->is_committed = true;
	} else if (!parse_may_repeat(section->parser, line)) {
		return;
	} else if (first == ':') {
		parse_chain_line(section);
	} else {
		parse_rule_line(section);
	}
}

static void report_table(struct section *section, const struct argument *word, const char *name)
{
	static const char *const names[] = { "filter", "nat", "mangle", "raw", "security" };
	const char *nearest = diag_nearest(name, names, 5);
	struct text hint;

	text_init(&hint);
	text_printf(&hint, nearest ? "did you mean *%s?" : "tables: filter, nat, mangle, raw, security", nearest);
	diag_error(section->parser->diagnostics, word->where, text_string(&hint), "unknown table \"%s\"",
		   lex_shorten(&section->parser->ast->arena, name));
	text_clear(&hint);
}

/* The "*table" line. False when there is no such table. */
static bool parse_table_line(struct section *section)
{
	struct source_range line = lex_line(&section->parser->lexer);
	const struct argument *word;
	const char *name;

	if (line.source->text[line.offset] != '*')
		diag_error(section->parser->diagnostics, line, "put the * into the first column",
			   "iptables-restore refuses blanks before a table's name");
	if (!lex_read_saved(&section->parser->lexer, &section->words))
		return false;
	word = &section->words.words[0];
	section->where = word->where;
	name = word->text + 1;
	if (!*name && section->words.n_words > 1) {
		word++;
		name = word->text;
	}
	section->table = ast_table_by_name(name);
	if (section->table < TABLE_COUNT)
		return true;
	report_table(section, word, name);
	return false;
}

/* iptables-restore flushes the table first, so a second section replaces the first; --noflush does not. */
static void load_table(struct section *section)
{
	struct ast *ast = section->parser->ast;
	struct ast_table *table = &ast->tables[ast_family_index(section->family)][section->table];

	if (table->is_loaded && !section->parser->keeps_tables) {
		if (!section->parser->replaces_tables)
			diag_warning(section->parser->diagnostics, section->where,
				     "the one before is dropped, as iptables-restore does",
				     "table %s appears a second time for IPv%d", table_name(section->table), section->family);
		ast_reset_table(ast, table);
	}
	section->ast_table = ast_load_table(ast, section->family, section->table, section->where);
}

static void check_commit(struct section *section)
{
	struct parser *parser = section->parser;

	if (section->is_committed)
		return;
	if (lex_is_at_end(&parser->lexer))
		diag_error(parser->diagnostics, section->where, "add a line COMMIT at the table's end",
			   "the table has no COMMIT: iptables-restore would not load it");
	else
		diag_error(parser->diagnostics, lex_line(&parser->lexer), "add a line COMMIT above",
			   "the table before has no COMMIT");
}

static void parse_section_for(struct parser *parser, enum family family)
{
	struct section section = { .parser = parser, .family = family };
	bool may_repeat = parse_may_repeat(parser, lex_line(&parser->lexer));
	bool is_known = may_repeat && parse_table_line(&section);

	if (!may_repeat)
		lex_skip_line(&parser->lexer);
	if (is_known)
		load_table(&section);
	while (!section.is_committed && !lex_is_at_end(&parser->lexer) && lex_peek(&parser->lexer) != '*') {
		struct source_range line = lex_line(&parser->lexer);

		if (is_known) {
			parse_section_line(&section);
			continue;
		}
		section.is_committed = line.len == 6 && memcmp(line.source->text + line.offset, "COMMIT", 6) == 0;
		lex_skip_line(&parser->lexer);
	}
	check_commit(&section);
	lex_clear_words(&section.words);
}

/* The lines up to the next "*table" or the end. */
static struct source_range section_range(struct parser *parser)
{
	struct lexer look_ahead = parser->lexer;
	struct source_range range = { .source = parser->source, .offset = parser->lexer.offset };

	do {
		lex_skip_line(&look_ahead);
	} while (!lex_is_at_end(&look_ahead) && lex_peek(&look_ahead) != '*' && lex_peek(&look_ahead) != 'C');
	range.len = look_ahead.offset - range.offset;
	return range;
}

void parse_section(struct parser *parser)
{
	struct lexer start = parser->lexer;
	size_t n_errors = parser->diagnostics->n_errors;
	uint32_t furthest = parser->furthest;
	struct source_range range;
	bool has_selectors;
	unsigned bits;

	parser->n_commands++;
	if (parser->fixed_family != FAMILY_NONE) {
		parse_section_for(parser, parser->fixed_family);
		return;
	}
	range = section_range(parser);
	bits = parse_family_signs(&range, &has_selectors);
	if (has_selectors) {
		parse_section_for(parser, FAMILY_IPV4);
		if (parser->diagnostics->n_errors != n_errors)
			return;
		/* The second reading for the other family repeats nothing that the first one did not. */
		if (furthest <= start.offset)
			parser->furthest = start.offset;
		lex_go_to(&parser->lexer, start.offset, start.line);
		parse_section_for(parser, FAMILY_IPV6);
		return;
	}
	if (bits == FAMILY_BIT_IPV4 || bits == FAMILY_BIT_IPV6)
		parser->hinted_family = bits == FAMILY_BIT_IPV6 ? FAMILY_IPV6 : FAMILY_IPV4;
	parse_section_for(parser, parser->hinted_family == FAMILY_IPV6 ? FAMILY_IPV6 : FAMILY_IPV4);
}

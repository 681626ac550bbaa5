/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/parse.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "base/limits.h"

/* Behind tabs: "*filter" and the like, alone on its line? */
static bool is_indented_table(const char *text, size_t len)
{
	char name[16];

	while (len && *text == '\t') {
		text++;
		len--;
	}
	if (len < 2 || len > sizeof(name) || text[0] != '*')
		return false;
	memcpy(name, text + 1, len - 1);
	name[len - 1] = '\0';
	return ast_table_by_name(name) != TABLE_COUNT;
}

/*
 * Does any line begin with "*table"? Then it is iptables-save output, perhaps inside of a script, where tabs may stand before it in a
 * here-document of "<<-".
 */
static bool has_sections(const struct parser *parser)
{
	struct lexer look_ahead = parser->lexer;

	for (; !lex_is_at_end(&look_ahead); lex_skip_line(&look_ahead)) {
		struct source_range line = lex_line(&look_ahead);
		const char *text = line.source->text + line.offset;
		uint32_t i = 1;

		if (is_indented_table(text, line.len))
			return true;
		if (line.len < 2 || text[0] != '*')
			continue;
		while (i < line.len && (text[i] == ' ' || text[i] == '\t'))
			i++;
		if (i < line.len && isalpha((unsigned char)text[i]))
			return true;
	}
	return false;
}

static bool check_text(const struct parser *parser)
{
	const struct source *source = parser->source;
	const char *nul = memchr(source->text, '\0', source->len);
	struct source_range where = { .source = source };
	uint32_t n_odd = 0;

	for (size_t i = 0; i < source->len && i < 4096; i++) {
		unsigned char c = (unsigned char)source->text[i];

		n_odd += c < ' ' && !isspace(c) && c != 27;
	}
	if (!nul && n_odd < 8)
		return true;
	diag_error(parser->diagnostics, where, NULL, "this is not a text file: no rules in it");
	return false;
}

/*
 * What editors of Windows leave behind. To iptables-restore and to a shell both are part of the words beside them, so neither
 * loads the file; here the rest of it is judged nevertheless.
 */
static void check_encoding(const struct parser *parser)
{
	const struct source *source = parser->source;
	struct lexer look_ahead = parser->lexer;

	if (look_ahead.offset)
		diag_error(parser->diagnostics, (struct source_range){ source, 0, 0 }, "save the file as UTF-8 without byte order mark",
			   "the file begins with a byte order mark, which iptables takes for a part of the first word");
	for (; !lex_is_at_end(&look_ahead); lex_skip_line(&look_ahead)) {
		struct source_range line = lex_line(&look_ahead);
		const char *text = source->text + line.offset, *end = memchr(text, '\n', source->len - line.offset);

		if (text[0] == '#' || !end || end == text || end[-1] != '\r')
			continue;
		diag_error(parser->diagnostics, (struct source_range){ source, (uint32_t)(end - 1 - source->text), 1 },
			   "make them Unix line ends: sed -i 's/\\r$//' FILE",
			   "the line ends as on Windows, and iptables takes that for a part of the last word");
		return;
	}
}

/* What the whole file says about its family when a part of it says nothing. */
static enum family family_of_file(const struct parser *parser)
{
	struct source_range all = { .source = parser->source, .len = (uint32_t)parser->source->len };
	bool has_selectors;
	unsigned bits = parse_family_signs(&all, &has_selectors);

	return bits == FAMILY_BIT_IPV6 && !has_selectors ? FAMILY_IPV6 : FAMILY_NONE;
}

static bool is_blank(const struct parser *parser)
{
	struct lexer look_ahead = parser->lexer;

	for (; !lex_is_at_end(&look_ahead); lex_skip_line(&look_ahead)) {
		char first = lex_peek(&look_ahead);

		if (first != '\0' && first != '#')
			return false;
	}
	return true;
}

bool parse_may_repeat(struct parser *parser, struct source_range where)
{
	uint64_t most = parser->limits->shell_repeats;

	if (parser->is_full || parser->has_repeated_most)
		return false;
	if (where.offset >= parser->furthest) {
		parser->furthest = where.offset + 1;
		return true;
	}
	if (parser->n_repeated < most) {
		parser->n_repeated++;
		return true;
	}
	diag_error(parser->diagnostics, where, "--limit shell-repeats=N allows more",
		   "loops and functions of this script have repeated more than %" PRIu64 " commands", most);
	parser->has_repeated_most = true;
	return false;
}

void parse_passed_again(struct parser *parser, uint32_t from)
{
	if (parser->lexer.offset > from)
		parser->n_repeated += (parser->lexer.offset - from) / PARSE_REPEAT_BYTES;
}

static void parse_lines(struct parser *parser, bool is_saved)
{
	struct shell_lines *shell = parse_shell_create(parser, is_saved);

	while (diag_has_room(parser->diagnostics) && (!lex_is_at_end(&parser->lexer) || parse_shell_has_more(shell))) {
		if (is_saved && lex_peek(&parser->lexer) == '*' && parse_shell_takes_tables(shell))
			parse_section(parser);
		else
			parse_shell_line(shell);
	}
	parse_shell_destroy(shell);
}

bool parse_source(struct ast *ast, const struct ruleset_input *input, const struct ruleset_options *options,
		  struct diagnostics *diagnostics)
{
	size_t n_errors = diagnostics->n_errors;
	struct source_range nowhere = { .source = input->source };
	struct parser parser = {
		.ast = ast, .source = input->source, .options = options, .diagnostics = diagnostics,
		.limits = options && options->limits ? options->limits : &limits_usual,
		.fixed_family = input->family, .keeps_tables = options && options->keeps_tables,
	};

	ast->n_read += input->source->len;
	lex_init(&parser.lexer, input->source, &ast->arena, diagnostics);
	parser.lexer.most_inserted = parser.limits->shell_bytes;
	map_init(&parser.reported);
	if (input->source->len > UINT32_MAX / 2) {
		diag_error(diagnostics, nowhere, NULL, "the file is too large");
	} else if (check_text(&parser)) {
		bool was_blank = is_blank(&parser);

		check_encoding(&parser);
		parser.hinted_family = family_of_file(&parser);
		parse_lines(&parser, has_sections(&parser));
		if (was_blank && !parser.n_commands)
			diag_warning(diagnostics, nowhere, NULL, "there are no rules in this file");
		else if (!parser.n_commands && diagnostics->n_errors == n_errors)
			diag_error(diagnostics, nowhere,
				   "expected: iptables-save output, iptables commands, or what iptables -S prints",
				   "there are no rules in this file");
	}
	map_clear(&parser.reported);
	lex_clear(&parser.lexer);
	return diagnostics->n_errors == n_errors;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <string.h>

#include "rules/parse_shell_parts.h"

const char script_advice[] =
	"scripts are not run: do it in a namespace, and read what it leaves: unshare -n sh -c './SCRIPT; iptables-save'";

struct script_function {
	uint32_t offset, line;		/* of the body */
	bool has_errors;		/* said once; not called again */
};

static void report(struct parser *parser, struct source_range where, const char *what)
{
	diag_error(parser->diagnostics, where, script_advice, "%s", what);
}

/* What follows is not read any more. */
static void stop(struct script *script, struct parser *parser)
{
	script->n_openings = 0;
	parser->lexer.offset = (uint32_t)parser->source->len;
}

static struct opening *open_part(struct script *script, struct parser *parser, enum opening_kind kind, struct source_range where)
{
	struct opening *opening;

	if (script->n_openings == OPENINGS_MOST) {
		report(parser, where, "loops and functions inside each other, too deep");
		stop(script, parser);
		return NULL;
	}
	opening = &script->openings[script->n_openings++];
	*opening = (struct opening){ .kind = kind, .where = where, .n_errors = parser->diagnostics->n_errors };
	return opening;
}

static struct opening *innermost(struct script *script)
{
	return script->n_openings ? &script->openings[script->n_openings - 1] : NULL;
}

/* Blanks, empty lines and comments. */
static void skip_space(struct lexer *lexer)
{
	const char *text = lexer->source->text;

	while (lexer->offset < lexer->source->len) {
		char c = text[lexer->offset];

		if (c == '#') {
			lex_skip_line(lexer);
			continue;
		}
		if (!isspace((unsigned char)c))
			return;
		lexer->line += c == '\n';
		lexer->offset++;
	}
}

/* Is the word at the lexer's place, and does it end there? It is passed over. */
static bool take_word(struct lexer *lexer, const char *word)
{
	size_t len = strlen(word), left = lexer->source->len - lexer->offset;
	const char *text = lexer->source->text + lexer->offset;

	if (left < len || memcmp(text, word, len) != 0 || (left > len && !isspace((unsigned char)text[len])))
		return false;
	lexer->offset += (uint32_t)len;
	return true;
}

static size_t name_len(const char *text, size_t left)
{
	size_t len = 0;

	while (len < left && (isalnum((unsigned char)text[len]) || strchr("_-.", text[len])) && text[len])
		len++;
	return len && !isdigit((unsigned char)text[0]) && text[0] != '-' ? len : 0;
}

/* "name () {" or "function name {"; the lexer stands behind the brace. NULL, and it stands where it was, for anything else. */
static const char *take_head(struct parser *parser)
{
	struct lexer start = parser->lexer, *lexer = &parser->lexer;
	const char *text = lexer->source->text;
	bool has_keyword, has_parentheses;
	const char *name = NULL;
	size_t len;

	while (lexer->offset < lexer->source->len && (text[lexer->offset] == ' ' || text[lexer->offset] == '\t'))
		lexer->offset++;
	has_keyword = take_word(lexer, "function");
	skip_space(lexer);
	len = name_len(text + lexer->offset, lexer->source->len - lexer->offset);
	if (len) {
		name = arena_copy(lexer->arena, text + lexer->offset, len);
		lexer->offset += (uint32_t)len;
	}
	while (lexer->offset < lexer->source->len && (text[lexer->offset] == ' ' || text[lexer->offset] == '\t'))
		lexer->offset++;
	has_parentheses = text[lexer->offset] == '(' && text[lexer->offset + 1] == ')';
	if (has_parentheses)
		lexer->offset += 2;
	if (name && (has_keyword || has_parentheses))
		skip_space(lexer);
	if (name && (has_keyword || has_parentheses) && text[lexer->offset] == '{') {
		lexer->offset++;
		return name;
	}
	lex_go_to(&parser->lexer, start.offset, start.line);
	return NULL;
}

static void skip_heredoc(struct lexer *lexer, const char *end, bool strips_tabs)
{
	lexer->strips_tabs = strips_tabs;
	while (!lex_is_at_end(lexer)) {
		struct source_range line = lex_line(lexer);
		bool is_end = heredoc_ends(line, end);

		lex_skip_line(lexer);
		if (is_end)
			break;
	}
	lexer->strips_tabs = false;
}

/* Commands up to the brace that closes the body, read and not run. */
static bool skip_body(struct parser *parser)
{
	struct lex_words words = { .words = NULL };
	unsigned depth = 1;

	while (depth && !lex_is_at_end(&parser->lexer)) {
		if (!lex_read_command(&parser->lexer, &words))
			break;
		if (words.heredoc)
			skip_heredoc(&parser->lexer, words.heredoc, words.heredoc_strips);
		if (!words.n_words)
			continue;
		if (strcmp(words.words[0].text, "}") == 0)
			depth--;
		else if (strcmp(words.words[0].text, "{") == 0 || strcmp(words.words[words.n_words - 1].text, "{") == 0)
			depth++;
	}
	lex_clear_words(&words);
	return depth == 0;
}

bool script_read_definition(struct script *script, struct parser *parser)
{
	struct source_range where = lex_line(&parser->lexer);
	const char *name = take_head(parser);
	struct script_function *function;

	if (!name)
		return false;
	function = arena_alloc(parser->lexer.arena, sizeof(*function));
	function->offset = parser->lexer.offset;
	function->line = parser->lexer.line;
	map_add(&script->functions, name, function);
	if (!skip_body(parser))
		diag_error(parser->diagnostics, where, "a line } ends it", "the function %s has no end", name);
	return true;
}

bool script_has_function(const struct script *script, const char *name)
{
	return map_find(&script->functions, name) != NULL;
}

void script_call(struct script *script, struct parser *parser, const struct argument *name)
{
	struct script_function *function = map_find(&script->functions, name->text);
	struct opening *opening;

	if (function->has_errors)
		return;
	opening = open_part(script, parser, OPENING_CALL, name->where);
	if (!opening)
		return;
	opening->variable = name->text;
	opening->offset = parser->lexer.offset;
	opening->line = parser->lexer.line;
	lex_go_to(&parser->lexer, function->offset, function->line);
}

/* The end of a function's body, or `return`: on behind the call. What was opened inside is closed. */
static void leave_call(struct script *script, struct parser *parser)
{
	while (script->n_openings) {
		const struct opening *opening = &script->openings[--script->n_openings];
		struct script_function *function;

		if (opening->kind != OPENING_CALL)
			continue;
		function = map_find(&script->functions, opening->variable);
		function->has_errors = parser->diagnostics->n_errors > opening->n_errors;
		parse_passed_again(parser, function->offset);
		lex_go_to(&parser->lexer, opening->offset, opening->line);
		return;
	}
}

static bool is_in_call(const struct script *script)
{
	for (size_t i = 0; i < script->n_openings; i++) {
		if (script->openings[i].kind == OPENING_CALL)
			return true;
	}
	return false;
}

/* The values of "for NAME in VALUE...", when all of them are there to be read. */
static bool check_values(struct parser *parser, const struct lex_words *words, size_t at)
{
	if (words->n_words < at + 3 || strcmp(words->words[at + 2].text, "in") != 0) {
		report(parser, words->words[at].where, "a loop without a list of values");
		return false;
	}
	if (words->unset.text) {
		diag_error(parser->diagnostics, words->unset.where, script_advice, "what this loop goes over is known only when the script runs");
		return false;
	}
	for (size_t i = at + 3; i < words->n_words; i++) {
		const struct argument *word = &words->words[i];
		char before = word->where.offset ? word->where.source->text[word->where.offset - 1] : ' ';

		if (!strpbrk(word->text, "*?[{") || before == '"' || before == '\'')
			continue;
		report(parser, word->where, "what this loop goes over is known only when the script runs");
		return false;
	}
	return true;
}

/* "for NAME in VALUE...", then "do". */
static void begin_loop(struct script *script, struct parser *parser, const struct lex_words *words, size_t at)
{
	bool is_ok = check_values(parser, words, at);
	struct opening *opening = open_part(script, parser, OPENING_LOOP, words->words[at].where);

	if (!opening)
		return;
	skip_space(&parser->lexer);
	if (is_ok && !take_word(&parser->lexer, "do")) {
		diag_error(parser->diagnostics, words->words[at].where, "do ... done stands around what is repeated", "a loop without do");
		is_ok = false;
	}
	opening->n_values = is_ok ? words->n_words - at - 3 : 0;
	opening->offset = parser->lexer.offset;
	opening->line = parser->lexer.line;
	if (!opening->n_values) {
		opening->kind = OPENING_SKIPPED;
		return;
	}
	opening->variable = words->words[at + 1].text;
	opening->values = arena_alloc(parser->lexer.arena, opening->n_values * sizeof(*opening->values));
	for (size_t i = 0; i < opening->n_values; i++)
		opening->values[i] = words->words[at + 3 + i].text;
	lex_assign(&parser->lexer, opening->variable, strlen(opening->variable), opening->values[opening->next++]);
}

/* One value has an error: the others would have it at the same place. */
static void end_loop(struct script *script, struct parser *parser)
{
	struct opening *opening = innermost(script);

	if (!opening)
		return;
	if (opening->kind == OPENING_LOOP && opening->next < opening->n_values &&
	    parser->diagnostics->n_errors == opening->n_errors) {
		lex_assign(&parser->lexer, opening->variable, strlen(opening->variable), opening->values[opening->next++]);
		parse_passed_again(parser, opening->offset);
		lex_go_to(&parser->lexer, opening->offset, opening->line);
		return;
	}
	if (opening->kind == OPENING_LOOP || opening->kind == OPENING_SKIPPED || opening->kind == OPENING_WHILE)
		script->n_openings--;
}

static void close(struct script *script, enum opening_kind kind)
{
	const struct opening *opening = innermost(script);

	if (opening && opening->kind == kind)
		script->n_openings--;
}

static bool is_conditional(const struct script *script)
{
	for (size_t i = 0; i < script->n_openings; i++) {
		if (script->openings[i].kind <= OPENING_WHILE)
			return true;
	}
	return false;
}

static bool is_skipped(const struct script *script)
{
	for (size_t i = 0; i < script->n_openings; i++) {
		if (script->openings[i].kind == OPENING_SKIPPED)
			return true;
	}
	return false;
}

static void end_brace(struct script *script, struct parser *parser)
{
	const struct opening *opening = innermost(script);

	if (opening && opening->kind == OPENING_CALL)
		leave_call(script, parser);
	else
		close(script, OPENING_GROUP);
}

enum control {
	CONTROL_FOR, CONTROL_IF, CONTROL_CASE, CONTROL_WHILE, CONTROL_DONE, CONTROL_FI, CONTROL_ESAC, CONTROL_BRACE, CONTROL_END_BRACE,
	CONTROL_EXIT, CONTROL_RETURN, CONTROL_TEST, CONTROL_FALSE, CONTROL_NOTHING, CONTROL_COUNT,
};

static const struct {
	const char *word;
	enum control control;
} controls[] = {
	{ "for", CONTROL_FOR }, { "if", CONTROL_IF }, { "case", CONTROL_CASE }, { "while", CONTROL_WHILE },
	{ "until", CONTROL_WHILE }, { "select", CONTROL_WHILE }, { "done", CONTROL_DONE }, { "fi", CONTROL_FI },
	{ "esac", CONTROL_ESAC }, { "{", CONTROL_BRACE }, { "}", CONTROL_END_BRACE }, { "exit", CONTROL_EXIT },
	{ "return", CONTROL_RETURN }, { "[", CONTROL_TEST }, { "[[", CONTROL_TEST }, { "test", CONTROL_TEST },
	{ "elif", CONTROL_NOTHING }, { "else", CONTROL_NOTHING }, { "then", CONTROL_NOTHING }, { "do", CONTROL_NOTHING },
	{ ")", CONTROL_NOTHING }, { "(", CONTROL_NOTHING }, { ":", CONTROL_NOTHING }, { "true", CONTROL_NOTHING },
	{ "false", CONTROL_FALSE }, { "set", CONTROL_NOTHING }, { "EOF", CONTROL_NOTHING },
};

static enum control control_of(const char *word)
{
	for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++) {
		if (strcmp(controls[i].word, word) == 0)
			return controls[i].control;
	}
	return CONTROL_COUNT;
}

/* What begins and ends parts of the script: followed wherever it stands. */
static bool follow_structure(struct script *script, struct parser *parser, const struct lex_words *words, size_t at,
			     enum control control)
{
	struct source_range where = words->words[at].where;

	switch (control) {
	case CONTROL_FOR:
		if (is_conditional(script) || is_skipped(script))
			(void)open_part(script, parser, is_conditional(script) ? OPENING_WHILE : OPENING_SKIPPED, where);
		else
			begin_loop(script, parser, words, at);
		return true;
	case CONTROL_IF:
	case CONTROL_CASE:
	case CONTROL_WHILE:
		(void)open_part(script, parser, control == CONTROL_IF ? OPENING_IF : control == CONTROL_CASE ? OPENING_CASE : OPENING_WHILE,
			   where);
		return true;
	case CONTROL_DONE:
		end_loop(script, parser);
		return true;
	case CONTROL_FI:
	case CONTROL_ESAC:
		close(script, control == CONTROL_FI ? OPENING_IF : OPENING_CASE);
		return true;
	case CONTROL_BRACE:
		(void)open_part(script, parser, OPENING_GROUP, where);
		return true;
	case CONTROL_END_BRACE:
		end_brace(script, parser);
		return true;
	default:
		return false;
	}
}

bool script_follow(struct script *script, struct parser *parser, const struct lex_words *words, size_t at, bool *is_ignored)
{
	enum control control = control_of(words->words[at].text);

	*is_ignored = control == CONTROL_IF || control == CONTROL_CASE || control == CONTROL_WHILE;
	if (control == CONTROL_COUNT)
		return false;
	if (follow_structure(script, parser, words, at, control))
		return true;
	if (control == CONTROL_TEST)
		script->is_unknown = true;
	if (control == CONTROL_FALSE)
		script->has_failed = true;
	if ((control != CONTROL_EXIT && control != CONTROL_RETURN) || is_conditional(script) || script->is_unknown)
		return true;
	if (control == CONTROL_RETURN && is_in_call(script))
		leave_call(script, parser);
	else if (control == CONTROL_EXIT)
		stop(script, parser);
	return true;
}

bool script_runs(struct script *script, struct parser *parser, const struct lex_words *words)
{
	enum lex_connector before = script->connector;

	if (!parse_may_repeat(parser, words->where))
		stop(script, parser);
	script->connector = words->connector;
	if (before == LEX_THEN)
		script->is_unknown = script->has_failed = false;
	if (is_skipped(script))
		return false;
	if (script->is_unknown || before == LEX_THEN)
		return true;
	return before == LEX_AND ? !script->has_failed : script->has_failed;
}

bool script_is_conditional(struct script *script, struct parser *parser, struct source_range where)
{
	if (script->is_unknown) {
		report(parser, where, "whether this runs depends on a test, which is not made");
		return true;
	}
	for (size_t i = 0; i < script->n_openings; i++) {
		struct opening *opening = &script->openings[i];

		if (opening->kind > OPENING_WHILE)
			continue;
		if (!opening->is_reported)
			report(parser, where, "whether this runs depends on a condition, which is not judged");
		opening->is_reported = true;
		return true;
	}
	return false;
}

void script_finish(const struct script *script, struct parser *parser)
{
	for (size_t i = 0; i < script->n_openings; i++) {
		const struct opening *opening = &script->openings[i];

		if (opening->kind == OPENING_LOOP)
			diag_error(parser->diagnostics, opening->where, "a line done ends it", "this loop has no end");
	}
}

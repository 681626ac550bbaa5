/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shell's way of quoting: POSIX Shell Command Language, 2.2 and 2.3, as far as lists of iptables commands use it. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "rules/lex_word.h"

enum redirection { REDIRECTION_NONE, REDIRECTION_OTHER, REDIRECTION_INPUT, REDIRECTION_OUTPUT, REDIRECTION_HEREDOC };

/* The state of one lex_read_command(). */
struct reading {
	struct lexer *lexer;
	struct lex_words *words;
	struct lex_word word;
	bool is_done;
	enum redirection redirection;	/* what the next word belongs to */
	bool is_quoted;			/* in a here-document: between two quotes of iptables-restore */
	uint32_t quote_at;		/* the first of them */
};

static int peek(const struct reading *reading, uint32_t ahead)
{
	const struct lexer *lexer = reading->lexer;

	return lexer->offset + ahead < lexer->source->len ? (unsigned char)lexer->source->text[lexer->offset + ahead] : -1;
}

static void advance(struct reading *reading, uint32_t n)
{
	struct lexer *lexer = reading->lexer;

	for (; n && lexer->offset < lexer->source->len; n--) {
		if (lexer->source->text[lexer->offset++] == '\n')
			lexer->line++;
	}
}

static void begin_word(struct reading *reading)
{
	if (reading->word.has_word)
		return;
	lex_word_begin(&reading->word, reading->lexer->offset);
	reading->word.has_word = true;
}

static void end_word(struct reading *reading)
{
	struct lex_words *words = reading->words;
	const char *text = NULL;

	if (!reading->word.has_word)
		return;
	if (reading->redirection == REDIRECTION_NONE) {
		lex_words_add(words, reading->lexer, &reading->word, reading->lexer->offset);
		return;
	}
	if (reading->redirection != REDIRECTION_OTHER)
		text = arena_copy_string(reading->lexer->arena, text_string(&reading->word.text));
	if (reading->redirection == REDIRECTION_HEREDOC) {
		words->heredoc = text;
		words->heredoc_is_quoted = reading->word.is_quoted || reading->word.is_mixed;
	} else if (text) {
		*(reading->redirection == REDIRECTION_INPUT ? &words->input : &words->output) = text;
	}
	reading->word.has_word = false;
	reading->redirection = REDIRECTION_NONE;
}

/* `\` and a line end (of either kind) behind it: how many characters; 0 when it is something else. */
static uint32_t continuation_len(const struct reading *reading)
{
	if (peek(reading, 0) != '\\')
		return 0;
	if (peek(reading, 1) == '\n')
		return 2;
	return peek(reading, 1) == '\r' && peek(reading, 2) == '\n' ? 3 : 0;
}

static void note_unset(struct reading *reading, const char *name, size_t name_len, struct source_range where)
{
	struct lex_words *words = reading->words;

	if (words->unset.text || reading->redirection != REDIRECTION_NONE)
		return;
	words->unset = (struct argument){ .text = arena_copy(reading->lexer->arena, name, name_len), .where = where };
	words->unset_word = (uint32_t)words->n_words;
}

/* A variable of two that are the same, and so on: a few lines can stand for more than there is. Said once. */
static bool has_room(struct reading *reading, size_t len)
{
	struct lexer *lexer = reading->lexer;
	bool had_room = lexer->n_inserted <= lexer->most_inserted;

	lexer->n_inserted += len;
	if (lexer->n_inserted <= lexer->most_inserted)
		return true;
	if (had_room)
		diag_error(lexer->diagnostics, (struct source_range){ lexer->source, lexer->offset, 1 }, "--limit shell-bytes=N allows more",
			   "the variables in this script stand for more than %" PRIu64 " bytes in all", lexer->most_inserted);
	return false;
}

/* The value of a variable into the word at hand, or into several words. */
static void insert_value(struct reading *reading, const char *value, uint32_t end, bool is_quoted)
{
	uint32_t start = reading->word.start;

	reading->word.is_mixed = true;
	if (!has_room(reading, strlen(value)))
		return;
	for (; *value; value++) {
		if (is_quoted || (*value != ' ' && *value != '\t' && *value != '\n')) {
			if (!reading->word.has_word) {
				lex_word_begin(&reading->word, start);
				reading->word.has_word = reading->word.is_mixed = true;
			}
			text_append_char(&reading->word.text, *value);
			continue;
		}
		if (text_string(&reading->word.text)[0])
			lex_words_add(reading->words, reading->lexer, &reading->word, end);
	}
}

/* NULL: it has none. Values that were given later cost, too. */
static const char *value_of(struct reading *reading, const char *name)
{
	const struct lex_variable *variable = map_find(&reading->lexer->variables, name);

	while (variable && variable->number > reading->lexer->as_of && has_room(reading, sizeof(*variable)))
		variable = variable->before;
	return variable ? variable->value : NULL;
}

/* Length of the name at text, 0 when none begins there. */
static size_t name_len_at(const char *text, size_t most)
{
	size_t len = 0;

	if (most && (isdigit((unsigned char)text[0]) || strchr("@*#?!$", text[0])))
		return text[0] ? 1 : 0;
	while (len < most && (isalnum((unsigned char)text[len]) || text[len] == '_'))
		len++;
	return len;
}

/* The length of a command substitution from its "$(" to its matching ")", or of all that is left. */
static uint32_t substitution_len(const struct reading *reading)
{
	uint32_t depth = 0, i = 1;

	for (;; i++) {
		int c = peek(reading, i);

		if (c < 0)
			return i;
		if (c == '(')
			depth++;
		if (c == ')' && --depth == 0)
			return i + 1;
	}
}

static uint32_t backtick_len(const struct reading *reading)
{
	uint32_t i = 1;

	while (peek(reading, i) >= 0 && peek(reading, i) != '`')
		i++;
	return peek(reading, i) < 0 ? i : i + 1;
}

/* Scripts find the tool with `which iptables` or $(command -v ip6tables): the one thing that can be answered. */
static void read_substitution(struct reading *reading, uint32_t len, bool is_quoted)
{
	struct lexer *lexer = reading->lexer;
	struct source_range where = { lexer->source, lexer->offset, len };
	char *inside = arena_copy(lexer->arena, lexer->source->text + lexer->offset, len);

	if ((strstr(inside, "which") || strstr(inside, "command -v")) && strstr(inside, "tables"))
		insert_value(reading, strstr(inside, "ip6tables") ? "ip6tables" : "iptables", where.offset + len, is_quoted);
	else
		note_unset(reading, inside, len, where);
	advance(reading, len);
}

/* $IPTABLES and the like, which a script sets elsewhere: as the command's word it can mean but one thing. */
static const char *tool_of(const struct reading *reading, const char *name, size_t name_len)
{
	const struct lex_words *words = reading->words;
	bool is_first = words->n_words == 0 || (words->n_words == 1 && !strstr(words->words[0].text, "tables"));

	if (!is_first || reading->redirection != REDIRECTION_NONE || name_len < 3 || strncasecmp(name, "ip", 2) != 0)
		return NULL;
	if (tolower((unsigned char)name[2]) == 't' || strncasecmp(name, "ip4t", name_len < 4 ? name_len : 4) == 0)
		return memchr(name, '6', name_len) ? "ip6tables" : "iptables";
	return name_len >= 4 && strncasecmp(name, "ip6t", 4) == 0 ? "ip6tables" : NULL;
}

/* "$NAME", "${NAME}", "${NAME:-word}", "$(...)" at hand. */
static void read_variable(struct reading *reading, bool is_quoted)
{
	struct lexer *lexer = reading->lexer;
	const char *text = lexer->source->text + lexer->offset, *close, *value;
	size_t left = lexer->source->len - lexer->offset, braced = left > 1 && text[1] == '{', name_len, len;
	const char *fallback = NULL;

	begin_word(reading);
	if (left > 1 && text[1] == '(') {
		read_substitution(reading, substitution_len(reading), is_quoted);
		return;
	}
	name_len = name_len_at(text + 1 + braced, left - 1 - braced);
	len = 1 + name_len;
	if (braced) {
		close = memchr(text, '}', left);
		len = close ? (size_t)(close - text) + 1 : left;
		if (close && text[2 + name_len] == ':' && text[3 + name_len] == '-')
			fallback = arena_copy(lexer->arena, text + 4 + name_len, (size_t)(close - text) - 4 - name_len);
	}
	if (name_len == 0 && !braced) {
		text_append_char(&reading->word.text, '$');
		advance(reading, 1);
		return;
	}
	value = value_of(reading, arena_copy(lexer->arena, text + 1 + braced, name_len));
	if (!value)
		value = fallback ? fallback : tool_of(reading, text + 1 + braced, name_len);
	if (value)
		insert_value(reading, value, lexer->offset + (uint32_t)len, is_quoted);
	else
		note_unset(reading, text + 1 + braced, name_len,
			   (struct source_range){ lexer->source, lexer->offset, (uint32_t)len });
	advance(reading, (uint32_t)len);
}

static void unfinished_quote(struct reading *reading, uint32_t at)
{
	diag_error(reading->lexer->diagnostics, (struct source_range){ reading->lexer->source, at, 1 },
		   "the text that begins here has no closing quote", "unfinished quoted text");
	reading->is_done = true;
}

static void read_double_quoted(struct reading *reading)
{
	uint32_t at = reading->lexer->offset;

	advance(reading, 1);
	while (peek(reading, 0) >= 0 && peek(reading, 0) != '"') {
		uint32_t skipped = continuation_len(reading);
		int c = peek(reading, 0), next = peek(reading, 1);

		if (skipped) {
			reading->word.is_mixed = true;
			advance(reading, skipped);
		} else if (c == '$') {
			read_variable(reading, true);
		} else if (c == '\\' && next > 0 && strchr("$`\"\\", next)) {
			reading->word.is_mixed = true;
			text_append_char(&reading->word.text, (char)next);
			advance(reading, 2);
		} else {
			text_append_char(&reading->word.text, c ? (char)c : '?');
			advance(reading, 1);
		}
	}
	if (peek(reading, 0) < 0)
		unfinished_quote(reading, at);
	advance(reading, 1);
}

static void read_single_quoted(struct reading *reading)
{
	uint32_t at = reading->lexer->offset;

	for (advance(reading, 1); peek(reading, 0) >= 0 && peek(reading, 0) != '\''; advance(reading, 1))
		text_append_char(&reading->word.text, peek(reading, 0) ? (char)peek(reading, 0) : '?');
	if (peek(reading, 0) < 0)
		unfinished_quote(reading, at);
	advance(reading, 1);
}

static void read_quote(struct reading *reading)
{
	bool had_word = reading->word.has_word;

	begin_word(reading);
	reading->word.is_mixed |= had_word;
	reading->word.is_quoted = true;
	if (peek(reading, 0) == '"')
		read_double_quoted(reading);
	else
		read_single_quoted(reading);
}

static enum redirection redirection_at(const struct reading *reading)
{
	int c = peek(reading, 0), next = peek(reading, 1);

	if (c == '<' && next == '<')
		return peek(reading, 2) == '<' ? REDIRECTION_OTHER : REDIRECTION_HEREDOC;
	if ((c != '<' && c != '>') || next == '&' || next == '>')
		return REDIRECTION_OTHER;
	return c == '<' ? REDIRECTION_INPUT : REDIRECTION_OUTPUT;
}

/* `>`, `>>`, `<`, `<<`, `&>`, `2>&1`: not for iptables; the word behind goes too. */
static void read_redirection(struct reading *reading)
{
	enum redirection redirection = redirection_at(reading);
	const char *number = text_string(&reading->word.text);

	if (reading->word.has_word && strlen(number) == 1 && isdigit((unsigned char)number[0])) {
		reading->word.has_word = false;
		redirection = redirection == REDIRECTION_HEREDOC ? redirection : REDIRECTION_OTHER;
	}
	end_word(reading);
	while (peek(reading, 0) == '<' || peek(reading, 0) == '>' || peek(reading, 0) == '&')
		advance(reading, 1);
	if (redirection == REDIRECTION_HEREDOC && peek(reading, 0) == '-') {
		reading->words->heredoc_strips = true;
		advance(reading, 1);
	}
	reading->redirection = redirection;
}

static void skip_comment(struct reading *reading)
{
	while (peek(reading, 0) >= 0 && peek(reading, 0) != '\n')
		advance(reading, 1);
}

/* What stands between words and ends commands. False: the character is part of a word. */
static bool read_separator(struct reading *reading)
{
	int c = peek(reading, 0);

	if (c == ' ' || c == '\t' || c == '\r') {
		end_word(reading);
		advance(reading, 1);
		return true;
	}
	if (c == '#' && !reading->word.has_word) {
		skip_comment(reading);
		return true;
	}
	if (c == '<' || c == '>' || (c == '&' && peek(reading, 1) == '>')) {
		read_redirection(reading);
		return true;
	}
	if (c != '\n' && c != ';' && c != '&' && c != '|')
		return false;
	end_word(reading);
	reading->is_done = true;
	if (peek(reading, 1) == c && (c == '&' || c == '|'))
		reading->words->connector = c == '&' ? LEX_AND : LEX_OR;
	while (c != '\n' && peek(reading, 0) == c)
		advance(reading, 1);
	if (c == '\n')
		advance(reading, 1);
	return true;
}

bool lex_read_command(struct lexer *lexer, struct lex_words *words)
{
	struct reading reading = { .lexer = lexer, .words = words };
	size_t n_errors = lexer->diagnostics->n_errors;

	while (peek(&reading, 0) == ' ' || peek(&reading, 0) == '\t')
		advance(&reading, 1);
	lex_words_begin(words, lexer);
	while (!reading.is_done && peek(&reading, 0) >= 0) {
		uint32_t skipped = continuation_len(&reading);
		int c = peek(&reading, 0);

		if (skipped) {
			reading.word.is_mixed = true;
			advance(&reading, skipped);
			continue;
		}
		if (read_separator(&reading))
			continue;
		if (c == '"' || c == '\'') {
			read_quote(&reading);
		} else if (c == '$') {
			read_variable(&reading, false);
		} else if (c == '`') {
			begin_word(&reading);
			read_substitution(&reading, backtick_len(&reading), false);
		} else {
			begin_word(&reading);
			reading.word.is_mixed |= c == '\\' || reading.word.is_quoted;
			if (c == '\\' && peek(&reading, 1) >= 0)
				advance(&reading, 1);
			c = peek(&reading, 0);
			text_append_char(&reading.word.text, c ? (char)c : '?');
			advance(&reading, 1);
		}
	}
	end_word(&reading);
	text_clear(&reading.word.text);
	return lexer->diagnostics->n_errors == n_errors;
}

/* A character of a here-document's line; iptables-restore ends a word at its closing quote. */
static void read_heredoc_character(struct reading *reading)
{
	int c = peek(reading, 0), next = peek(reading, 1);

	if (c == '$') {
		read_variable(reading, reading->is_quoted);
	} else if (c == '`') {
		begin_word(reading);
		read_substitution(reading, backtick_len(reading), reading->is_quoted);
	} else if (c == '"' && reading->is_quoted) {
		reading->is_quoted = false;
		advance(reading, 1);
		end_word(reading);
	} else if (c == '"') {
		reading->word.is_mixed |= reading->word.has_word;
		begin_word(reading);
		reading->word.is_quoted = reading->is_quoted = true;
		reading->quote_at = reading->lexer->offset;
		advance(reading, 1);
	} else if (c == '\\' && next > 0 && (strchr("$`\\", next) || (reading->is_quoted && next != '\n'))) {
		begin_word(reading);
		reading->word.is_mixed = true;
		text_append_char(&reading->word.text, (char)next);
		advance(reading, 2);
	} else if (!reading->is_quoted && (c == ' ' || c == '\t')) {
		end_word(reading);
		advance(reading, 1);
	} else {
		begin_word(reading);
		text_append_char(&reading->word.text, c ? (char)c : '?');
		advance(reading, 1);
	}
}

bool lex_read_heredoc(struct lexer *lexer, struct lex_words *words)
{
	struct reading reading = { .lexer = lexer, .words = words };
	size_t n_errors = lexer->diagnostics->n_errors;

	lex_words_begin(words, lexer);
	while (!reading.is_done && peek(&reading, 0) >= 0 && peek(&reading, 0) != '\n') {
		uint32_t skipped = continuation_len(&reading);

		advance(&reading, skipped);
		if (!skipped)
			read_heredoc_character(&reading);
	}
	if (reading.is_quoted)
		unfinished_quote(&reading, reading.quote_at);
	end_word(&reading);
	advance(&reading, 1);
	text_clear(&reading.word.text);
	return lexer->diagnostics->n_errors == n_errors;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/lex.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "rules/lex_word.h"

void lex_init(struct lexer *lexer, const struct source *source, struct arena *arena, struct diagnostics *diagnostics)
{
	*lexer = (struct lexer){ .source = source, .arena = arena, .diagnostics = diagnostics, .line = 1, .known = { .from = 1 }, .as_of = UINT32_MAX };
	map_init(&lexer->variables);
	lexer->most_inserted = limits_usual.shell_bytes;
	/* A byte order mark is no part of the first word. */
	if (source->len >= 3 && memcmp(source->text, "\xef\xbb\xbf", 3) == 0)
		lexer->offset = 3;
}

void lex_clear(struct lexer *lexer)
{
	map_clear(&lexer->variables);
}

void lex_clear_words(struct lex_words *words)
{
	free(words->words);
	*words = (struct lex_words){ .words = NULL };
}

static bool is_blank_at_end(char c)
{
	return c == '\r' || c == ' ' || c == '\t';
}

/* A line may hold a million commands, and each asks for the rest of it. */
struct source_range lex_line(struct lexer *lexer)
{
	const char *text = lexer->source->text;
	uint32_t at;

	while (lexer->strips_tabs && !lex_is_at_end(lexer) && text[lexer->offset] == '\t')
		lexer->offset++;
	at = lexer->offset;
	if (at < lexer->known.from || at > lexer->known.to) {
		const char *end = memchr(text + at, '\n', lexer->source->len - at);

		lexer->known.from = at;
		lexer->known.to = lexer->known.last = end ? (uint32_t)(end - text) : (uint32_t)lexer->source->len;
		while (lexer->known.last > at && is_blank_at_end(text[lexer->known.last - 1]))
			lexer->known.last--;
	}
	return (struct source_range){
		.source = lexer->source, .offset = at, .len = lexer->known.last > at ? lexer->known.last - at : 0,
	};
}

char lex_peek(struct lexer *lexer)
{
	struct source_range line = lex_line(lexer);
	const char *start = lexer->source->text + line.offset;
	size_t blanks = 0;

	while (blanks < line.len && (start[blanks] == ' ' || start[blanks] == '\t'))
		blanks++;
	return blanks < line.len ? start[blanks] : '\0';
}

void lex_skip_line(struct lexer *lexer)
{
	const char *start = lexer->source->text + lexer->offset;
	size_t left = lexer->source->len - lexer->offset;
	const char *end = memchr(start, '\n', left);

	lexer->offset += (uint32_t)(end ? (size_t)(end - start) + 1 : left);
	if (end)
		lexer->line++;
}

void lex_go_to(struct lexer *lexer, uint32_t offset, uint32_t line)
{
	lexer->offset = offset;
	lexer->line = line;
}

void lex_assign(struct lexer *lexer, const char *name, size_t name_len, const char *value)
{
	struct lex_variable *variable = arena_alloc(lexer->arena, sizeof(*variable));
	char *key = arena_copy(lexer->arena, name, name_len);

	*variable = (struct lex_variable){
		.value = arena_copy_string(lexer->arena, value), .number = ++lexer->n_assigned, .before = map_find(&lexer->variables, key),
	};
	map_add(&lexer->variables, key, variable);
}

const char *lex_shorten(struct arena *arena, const char *word)
{
	enum { LONGEST = 60 };
	size_t len = strlen(word), kept = len > LONGEST ? LONGEST : len;
	char *copy = arena_alloc(arena, kept + 4);

	memcpy(copy, word, kept);
	for (size_t i = 0; i < kept; i++) {
		if (iscntrl((unsigned char)copy[i]))
			copy[i] = '?';
	}
	if (len > LONGEST)
		memcpy(copy + kept, "...", 4);
	return copy;
}

void lex_word_begin(struct lex_word *word, uint32_t offset)
{
	text_reset(&word->text);
	word->start = offset;
	word->has_word = word->is_quoted = word->is_mixed = false;
}

void lex_words_add(struct lex_words *words, struct lexer *lexer, struct lex_word *word, uint32_t end)
{
	struct source_range where = { .source = lexer->source, .offset = word->start, .len = end - word->start };
	bool is_as_written;

	if (!word->has_word)
		return;
	if (word->is_quoted && !word->is_mixed && where.len >= 2) {
		where.offset++;
		where.len -= 2;
	}
	is_as_written = where.len == word->text.len && memcmp(lexer->source->text + where.offset, text_string(&word->text), where.len) == 0;
	if (words->n_words == words->capacity) {
		words->capacity = alloc_grown_capacity(words->capacity, words->n_words + 1);
		words->words = alloc_resize(words->words, words->capacity, sizeof(*words->words));
	}
	words->words[words->n_words++] = (struct argument){
		.text = arena_copy(lexer->arena, text_string(&word->text), word->text.len),
		.where = where,
		.is_as_written = is_as_written,
	};
	word->has_word = false;
}

void lex_words_begin(struct lex_words *words, struct lexer *lexer)
{
	words->n_words = 0;
	words->line = lexer->line;
	words->where = lex_line(lexer);
	words->unset = (struct argument){ .text = NULL };
	words->heredoc = words->input = words->output = NULL;
	words->heredoc_is_quoted = words->heredoc_strips = false;
	words->connector = LEX_THEN;
}

/* The quoted part that starts at text[i]; the index behind its closing quote, or the line's length when there is none. */
static size_t read_quoted(struct lex_word *word, const char *text, size_t i, size_t len)
{
	for (i++; i < len && text[i] != '"'; i++) {
		if (text[i] == '\\' && i + 1 < len) {
			i++;
			word->is_mixed = true;
		}
		text_append_char(&word->text, text[i]);
	}
	return i < len ? i + 1 : len + 1;
}

bool lex_read_saved(struct lexer *lexer, struct lex_words *words)
{
	struct source_range line = lex_line(lexer);
	const char *text = lexer->source->text + line.offset;
	struct lex_word word = { .has_word = false };
	size_t i = 0;

	lex_words_begin(words, lexer);
	while (i < line.len) {
		uint32_t at = line.offset + (uint32_t)i;

		if (text[i] == ' ' || text[i] == '\t') {
			lex_words_add(words, lexer, &word, at);
			i++;
			continue;
		}
		if (!word.has_word)
			lex_word_begin(&word, at);
		word.is_mixed |= word.has_word && (text[i] == '"' || word.is_quoted);
		word.has_word = true;
		if (text[i] != '"') {
			text_append_char(&word.text, text[i] ? text[i] : '?');
			i++;
			continue;
		}
		word.is_quoted = true;
		i = read_quoted(&word, text, i, line.len);
		if (i > line.len) {
			diag_error(lexer->diagnostics, (struct source_range){ lexer->source, at, 1 },
				   "the text that begins here has no closing quote", "unfinished quoted text");
			break;
		}
		/* iptables-restore ends a word at its closing quote. */
		lex_words_add(words, lexer, &word, line.offset + (uint32_t)i);
	}
	if (i <= line.len)
		lex_words_add(words, lexer, &word, line.offset + (uint32_t)i);
	text_clear(&word.text);
	lex_skip_line(lexer);
	return i <= line.len;
}

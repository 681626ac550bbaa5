/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rule files to words: two ways of quoting, one way of telling where a word stands.
 *
 * The iptables-save way (iptables 1.8.9, add_param_to_argv()): blanks separate, double
 * quotes group, a backslash in them takes the next character as it is. The shell way:
 * commands, both kinds of quotes, comments, continuation lines and the variables that
 * the file itself has set. Nothing is executed.
 *
 * Words live in the arena given; a word's range covers the characters inside its quotes
 * when the whole word is quoted once, so that text and source have the same length.
 */
#ifndef RULES_LEX_H
#define RULES_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/map.h"
#include "rules/extension.h"

/* What stands between a command and the next one. */
enum lex_connector { LEX_THEN, LEX_AND, LEX_OR };	/* ";" and the like; "&&"; "||" */

/* One line or command, taken apart. */
struct lex_words {
	struct argument *words;		/* owned: lex_clear() */
	size_t n_words;
	size_t capacity;
	uint32_t line;			/* 1-based number of its first line */
	struct source_range where;
	struct argument unset;		/* the first variable without a value: text is its name; NULL: there is none */
	uint32_t unset_word;		/* index of the word it stands in */
	const char *heredoc;		/* the word behind `<<`, or NULL */
	bool heredoc_is_quoted;		/* what stands there is as written: no variables */
	const char *input, *output;	/* the words behind `<` and `>`, or NULL: no word of the command */
	bool heredoc_strips;		/* "<<-": tabs before its lines go */
	enum lex_connector connector;	/* behind it */
};

struct lex_variable {
	const char *value;
	uint32_t number;		/* of its assignment, from 1 on */
	const struct lex_variable *before;	/* the value that it had, or NULL */
};

/* Reads a source from front to back. */
struct lexer {
	const struct source *source;
	struct arena *arena;
	struct diagnostics *diagnostics;
	uint32_t offset;		/* of the next character */
	uint32_t line;			/* its line */
	bool strips_tabs;		/* lines begin behind their tabs: a here-document of "<<-" is being read */
	struct {
		uint32_t from, to, last;	/* what is known of the line that was asked for last: a part, its end, that without blanks */
	} known;
	struct map variables;		/* names to struct lex_variable, the newest of each, in the arena */
	uint32_t n_assigned, as_of;	/* variables have the values that they had behind so many assignments; UINT32_MAX: they have now */
	uint64_t n_inserted, most_inserted;	/* bytes of variables' values in commands; limits.shell_bytes */
};

void lex_init(struct lexer *lexer, const struct source *source, struct arena *arena, struct diagnostics *diagnostics);
void lex_clear(struct lexer *lexer);
void lex_clear_words(struct lex_words *words);

static inline bool lex_is_at_end(const struct lexer *lexer)
{
	return lexer->offset >= lexer->source->len;
}

/* The first character of the line at hand that is not a blank; 0 for an empty line. */
char lex_peek(struct lexer *lexer);

/* The line at hand as it is, without its end. Moves nothing but over tabs that are stripped. */
struct source_range lex_line(struct lexer *lexer);

void lex_skip_line(struct lexer *lexer);

/* On from another place, which is in that line. */
void lex_go_to(struct lexer *lexer, uint32_t offset, uint32_t line);

/* Takes the line at hand apart the iptables-save way. False after an error (quotes left open). */
bool lex_read_saved(struct lexer *lexer, struct lex_words *words);

/*
 * Takes the next command apart the shell way; no words for an empty one. Variables that
 * have a value are replaced, split at blanks when they are not quoted.
 */
bool lex_read_command(struct lexer *lexer, struct lex_words *words);

/*
 * Takes a line of a here-document apart the iptables-save way, behind what the shell does to it: variables that have a value are
 * replaced. False after an error.
 */
bool lex_read_heredoc(struct lexer *lexer, struct lex_words *words);

/* Gives a variable a value (copied). */
void lex_assign(struct lexer *lexer, const char *name, size_t name_len, const char *value);

/* A printable form of at most 60 characters of a word: for messages about any input. */
const char *lex_shorten(struct arena *arena, const char *word);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A word in the making: what the two ways of quoting (lex.c, lex_shell.c) share. Private to them. */
#ifndef RULES_LEX_WORD_H
#define RULES_LEX_WORD_H

#include "base/text.h"
#include "rules/lex.h"

struct lex_word {
	struct text text;
	uint32_t start;			/* offset of its first character, quote included */
	bool has_word;
	bool is_quoted;			/* some of it was quoted */
	bool is_mixed;			/* text and source differ by more than one pair of quotes */
};

void lex_word_begin(struct lex_word *word, uint32_t offset);
void lex_words_begin(struct lex_words *words, struct lexer *lexer);

/* Adds the word, if there is one, to the list; `end` is the offset behind it. */
void lex_words_add(struct lex_words *words, struct lexer *lexer, struct lex_word *word, uint32_t end);

#endif

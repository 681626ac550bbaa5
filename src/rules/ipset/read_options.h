/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words behind "create NAME TYPE" and "add NAME ELEMENT". Private to rules/ipset. */
#ifndef RULES_IPSET_READ_OPTIONS_H
#define RULES_IPSET_READ_OPTIONS_H

#include "rules/ipset/ipset_parts.h"

/* One source of sets, line by line. */
struct set_reader {
	struct ipsets *sets;
	struct diagnostics *diagnostics;
	char *line;			/* owned by ipsets_read(): a copy of the line at hand */
	char *at;			/* what of it is not read yet */
	uint32_t line_offset;		/* of the line in the source */
	struct source_range where;	/* of the word that was read last */
	bool has_failed;
	bool may_exist;			/* -exist */
};

/* What an "add" line says besides the element. */
struct set_addition {
	struct set_extension extension;
	bool is_nomatch, is_wildcard;
	bool has_neighbour, is_after;
	uint32_t neighbour;
};

/* Reports `what "word"` at the reader's place; always false. */
bool set_reader_error(struct set_reader *reader, const char *hint, const char *what, const char *word);

/* The next word, which must be there. */
bool set_reader_value(struct set_reader *reader, const char *option, char **value);

void set_options_default(struct set *set);
bool set_options_read_create(struct set_reader *reader, struct set *set, const char *word);
/* What a set of its type must have said, and what follows from it. */
bool set_options_finish(struct set_reader *reader, struct set *set);

void set_options_start_addition(const struct set *set, struct set_addition *addition);
bool set_options_read_add(struct set_reader *reader, const struct set *set, struct set_addition *addition, const char *word);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of `conntrack` on the time line share: actions_conntrack.c reads the options of a command, actions_entry.c makes of them the
 * entry that -I wants. conntrack-tools 1.4.7.
 */
#ifndef REPLAY_ACTIONS_CONNTRACK_H
#define REPLAY_ACTIONS_CONNTRACK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "host/operator.h"
#include "rules/lex.h"

/* The words of one command, read from left to right. */
struct command_line {
	const struct lex_words *words;
	size_t first, next;		/* the word that is the command; the one that is read next */
	struct operator_action *action;
	struct diagnostics *diagnostics;
	char command;			/* 'F', 'D', 'U', 'I' */
	const char *state;		/* as it was written, and where; NULL: none was */
	size_t state_word;
	bool has_tag[2], has_role;
	const char *address[2];		/* original source and destination, as they were written; NULL: not at all */
	bool has_mask[2];		/* of these, by --mask-src and --mask-dst */
	struct address mask[2];
	enum family mask_family[2];
};

/* Says what is wrong with a word. Always false. */
bool actions_conntrack_refuse(const struct command_line *line, size_t word, const char *hint, const char *what);

/* The state that was written, of the protocol's: TCP's; where an entry is made it may be SCTP's or DCCP's. True where none was. */
bool actions_conntrack_find_state(struct command_line *line);

/* -I: the action's tuples and mappings, from its filter. What is missing is said, as the tool says it; false then. */
bool actions_conntrack_make_entry(struct command_line *line);

#endif

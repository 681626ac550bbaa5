/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Located messages: what is wrong with a user's input, where, and what to do.
 *
 *     office.rules:12:35: error: unknown state "ESTABLISED"
 *        12 | -A FORWARD -m conntrack --ctstate ESTABLISED,RELATED -j ACCEPT
 *           |                                   ^~~~~~~~~~ did you mean ESTABLISHED?
 *
 * A caller owns the list; parsers add to it and go on, so that up to 20 errors are
 * reported at once. Nothing is printed here: cli prints what diag_print() rendered.
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/source.h"
#include "base/text.h"

enum { DIAG_MOST_ERRORS = 20, DIAG_MOST_WARNINGS_OF_LINE = 20 };

enum diag_severity { DIAG_ERROR, DIAG_WARNING };

struct diag_message {
	enum diag_severity severity;
	struct source_range where;
	size_t rank;	/* of its source among all: private to diag */
	char *message;	/* owned */
	char *hint;	/* owned, or NULL */
};

struct diagnostics {
	struct diag_message *messages;	/* owned */
	size_t n_messages;
	size_t capacity;
	size_t n_errors;		/* counted beyond the kept ones too */
	struct source_range last_warning;	/* kept or not */
	size_t n_of_line;		/* warnings of its line until now */
	size_t n_warnings_left_out;
	size_t n_compared;		/* names, by diag_may_compare() */
};

void diag_init(struct diagnostics *diagnostics);
void diag_clear(struct diagnostics *diagnostics);

/*
 * Add a message. `where.source` is borrowed and must live until the list is cleared;
 * NULL for a message without a place. `hint` (may be NULL) is shown behind the caret.
 * Errors beyond DIAG_MOST_ERRORS are counted, not kept; likewise warnings beyond DIAG_MOST_WARNINGS_OF_LINE that follow each other in one
 * line of a source: a line of a megabyte may hold half a million.
 */
void diag_error(struct diagnostics *diagnostics, struct source_range where, const char *hint, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void diag_warning(struct diagnostics *diagnostics, struct source_range where, const char *hint, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* An error without a place: "ctreplay: error: TEXT" when printed. */
void diag_error_plain(struct diagnostics *diagnostics, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* True when there is room for more errors: parsers stop when it is not. */
bool diag_has_room(const struct diagnostics *diagnostics);

/* All messages, in the order of their places (source in order of first message, then offset). */
void diag_print(const struct diagnostics *diagnostics, struct text *out);

/* All messages, in the same order, for whoever prints them in another way. */
typedef void diag_visitor(void *owner, const struct diag_message *message);
void diag_visit(const struct diagnostics *diagnostics, diag_visitor *visit, void *owner);

/*
 * The candidate nearest to `word` (case-blind edit distance, at most a third of its
 * length and at most 3), or NULL. For "did you mean".
 */
const char *diag_nearest(const char *word, const char *const *candidates, size_t n_candidates);

/*
 * May `n` names that a user gave be searched for the nearest? Not when it was done so often that each word of an input would cost
 * as much as all its names: a million names in all are compared.
 */
bool diag_may_compare(struct diagnostics *diagnostics, size_t n);

#endif

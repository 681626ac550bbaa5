/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/diag.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

void diag_init(struct diagnostics *diagnostics)
{
	memset(diagnostics, 0, sizeof(*diagnostics));
}

void diag_clear(struct diagnostics *diagnostics)
{
	for (size_t i = 0; i < diagnostics->n_messages; i++) {
		free(diagnostics->messages[i].message);
		free(diagnostics->messages[i].hint);
	}
	free(diagnostics->messages);
	diag_init(diagnostics);
}

bool diag_has_room(const struct diagnostics *diagnostics)
{
	return diagnostics->n_errors < DIAG_MOST_ERRORS;
}

static void add(struct diagnostics *diagnostics, enum diag_severity severity, struct source_range where,
		const char *hint, const char *format, va_list args) __attribute__((format(printf, 5, 0)));

static void add(struct diagnostics *diagnostics, enum diag_severity severity, struct source_range where,
		const char *hint, const char *format, va_list args)
{
	struct diag_message *message;
	struct text text;

	if (severity == DIAG_ERROR && diagnostics->n_errors++ >= DIAG_MOST_ERRORS)
		return;
	if (diagnostics->n_messages == diagnostics->capacity) {
		diagnostics->capacity = alloc_grown_capacity(diagnostics->capacity, diagnostics->n_messages + 1);
		diagnostics->messages = alloc_resize(diagnostics->messages, diagnostics->capacity, sizeof(*message));
	}
	message = &diagnostics->messages[diagnostics->n_messages++];
	text_init(&text);
	text_vprintf(&text, format, args);
	*message = (struct diag_message){
		.severity = severity,
		.where = where,
		.message = alloc_copy(text_string(&text), text.len),
		.hint = hint ? alloc_copy(hint, strlen(hint)) : NULL,
	};
	text_clear(&text);
}

void diag_error(struct diagnostics *diagnostics, struct source_range where, const char *hint, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(diagnostics, DIAG_ERROR, where, hint, format, args);
	va_end(args);
}

void diag_warning(struct diagnostics *diagnostics, struct source_range where, const char *hint, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(diagnostics, DIAG_WARNING, where, hint, format, args);
	va_end(args);
}

void diag_error_plain(struct diagnostics *diagnostics, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(diagnostics, DIAG_ERROR, (struct source_range){ .source = NULL }, NULL, format, args);
	va_end(args);
}

static const char *severity_name(enum diag_severity severity)
{
	return severity == DIAG_ERROR ? "error" : "warning";
}

/* A terminal is not to obey what stands in a file: a control character is shown as one question mark, so that places stay. */
static char shown(char c)
{
	return ((unsigned char)c < ' ' && c != '\t') || c == 0x7f ? '?' : c;
}

/* The line with tabs kept, a caret under the place, tildes under the rest of it. */
static void print_excerpt(const struct diag_message *message, uint32_t line, uint32_t column, struct text *out)
{
	const struct source *source = message->where.source;
	const char *start = source->text + message->where.offset - (column - 1);
	size_t line_len = strcspn(start, "\r\n");
	uint32_t marks = message->where.len ? message->where.len : 1;

	text_printf(out, "%5u | ", line);
	for (size_t i = 0; i < line_len; i++)
		text_append_char(out, shown(start[i]));
	text_append(out, "\n      | ");
	for (uint32_t i = 0; i + 1 < column; i++)
		text_append_char(out, i < line_len && start[i] == '\t' ? '\t' : ' ');
	text_append_char(out, '^');
	for (uint32_t i = 1; i < marks && column - 1 + i < line_len; i++)
		text_append_char(out, '~');
	if (message->hint)
		text_printf(out, " %s", message->hint);
	text_append_char(out, '\n');
}

static void print_message(void *out, const struct diag_message *message)
{
	uint32_t line, column;

	if (!message->where.source) {
		text_printf(out, "ctreplay: %s: %s\n", severity_name(message->severity), message->message);
		if (message->hint)
			text_printf(out, "  hint: %s\n", message->hint);
		return;
	}
	source_position(message->where.source, message->where.offset, &line, &column);
	text_printf(out, "%s:%u:%u: %s: %s\n", message->where.source->name, line, column,
		    severity_name(message->severity), message->message);
	print_excerpt(message, line, column, out);
}

/* Index of the first message about the same source: sources keep the order in which they were first met. */
static size_t source_rank(const struct diagnostics *diagnostics, const struct source *source)
{
	size_t i = 0;

	while (diagnostics->messages[i].where.source != source)
		i++;
	return i;
}

static bool comes_before(const struct diagnostics *diagnostics, size_t a, size_t b)
{
	const struct diag_message *left = &diagnostics->messages[a], *right = &diagnostics->messages[b];
	size_t left_rank = source_rank(diagnostics, left->where.source);
	size_t right_rank = source_rank(diagnostics, right->where.source);

	if (left_rank != right_rank)
		return left_rank < right_rank;
	if (left->where.offset != right->where.offset)
		return left->where.offset < right->where.offset;
	return a < b;
}

void diag_visit(const struct diagnostics *diagnostics, diag_visitor *visit, void *owner)
{
	size_t n = diagnostics->n_messages;
	size_t *order = alloc_zeroed(n, sizeof(*order));

	/* Insertion sort: nearly sorted already, and stable. */
	for (size_t i = 0; i < n; i++) {
		size_t j = i;

		for (; j > 0 && comes_before(diagnostics, i, order[j - 1]); j--)
			order[j] = order[j - 1];
		order[j] = i;
	}
	for (size_t i = 0; i < n; i++)
		visit(owner, &diagnostics->messages[order[i]]);
	free(order);
}

void diag_print(const struct diagnostics *diagnostics, struct text *out)
{
	diag_visit(diagnostics, print_message, out);
	if (diagnostics->n_errors > DIAG_MOST_ERRORS)
		text_printf(out, "ctreplay: %zu more errors are not shown\n", diagnostics->n_errors - DIAG_MOST_ERRORS);
}

enum { NEAREST_LONGEST = 64 };

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein distance with neighbours' swaps, case-blind; words up to NEAREST_LONGEST. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t rows[3][NEAREST_LONGEST + 1];
	size_t *before = rows[0], *last = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b_len; j++)
		last[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *free_row = before;

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			int ca = tolower((unsigned char)a[i - 1]), cb = tolower((unsigned char)b[j - 1]);

			row[j] = smaller(smaller(last[j], row[j - 1]) + 1, last[j - 1] + (ca != cb));
			if (i > 1 && j > 1 && ca == tolower((unsigned char)b[j - 2]) &&
			    cb == tolower((unsigned char)a[i - 2]))
				row[j] = smaller(row[j], before[j - 2] + 1);
		}
		before = last;
		last = row;
		row = free_row;
	}
	return last[b_len];
}

const char *diag_nearest(const char *word, const char *const *candidates, size_t n_candidates)
{
	size_t len = strlen(word), best = len / 3 < 1 ? 2 : len / 3 + 1;
	const char *nearest = NULL;

	if (len > NEAREST_LONGEST)
		return NULL;
	if (best > 4)
		best = 4;
	for (size_t i = 0; i < n_candidates; i++) {
		size_t candidate_len = strlen(candidates[i]), d;

		if (candidate_len > NEAREST_LONGEST)
			continue;
		d = distance(word, len, candidates[i], candidate_len);
		if (d < best) {
			best = d;
			nearest = candidates[i];
		}
	}
	return nearest;
}

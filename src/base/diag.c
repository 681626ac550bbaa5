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

/* Sources keep the order in which they were first met: the index of the first message about the same one. */
static size_t rank_of(const struct diagnostics *diagnostics, const struct source *source)
{
	size_t n = diagnostics->n_messages, i = 0;

	if (n && diagnostics->messages[n - 1].where.source == source)
		return diagnostics->messages[n - 1].rank;
	while (i < n && diagnostics->messages[i].where.source != source)
		i++;
	return i;
}

static bool is_same_line(const struct source_range *a, const struct source_range *b)
{
	uint32_t from = a->offset < b->offset ? a->offset : b->offset, to = a->offset < b->offset ? b->offset : a->offset;

	return a->source && a->source == b->source && !memchr(a->source->text + from, '\n', to - from);
}

static bool is_one_too_many(struct diagnostics *diagnostics, const struct source_range *where)
{
	diagnostics->n_of_line = is_same_line(&diagnostics->last_warning, where) ? diagnostics->n_of_line + 1 : 1;
	diagnostics->last_warning = *where;
	if (diagnostics->n_of_line <= DIAG_MOST_WARNINGS_OF_LINE)
		return false;
	diagnostics->n_warnings_left_out++;
	return true;
}

static void add(struct diagnostics *diagnostics, enum diag_severity severity, struct source_range where,
		const char *hint, const char *format, va_list args) __attribute__((format(printf, 5, 0)));

static void add(struct diagnostics *diagnostics, enum diag_severity severity, struct source_range where,
		const char *hint, const char *format, va_list args)
{
	struct diag_message *message;
	struct text text;
	size_t rank;

	if (severity == DIAG_ERROR ? diagnostics->n_errors++ >= DIAG_MOST_ERRORS : is_one_too_many(diagnostics, &where))
		return;
	if (diagnostics->n_messages == diagnostics->capacity) {
		diagnostics->capacity = alloc_grown_capacity(diagnostics->capacity, diagnostics->n_messages + 1);
		diagnostics->messages = alloc_resize(diagnostics->messages, diagnostics->capacity, sizeof(*message));
	}
	rank = rank_of(diagnostics, where.source);
	message = &diagnostics->messages[diagnostics->n_messages++];
	text_init(&text);
	text_vprintf(&text, format, args);
	*message = (struct diag_message){
		.severity = severity,
		.where = where,
		.rank = rank,
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

/* Of a line that is longer, what stands around the place. */
enum { EXCERPT_LONGEST = 240, EXCERPT_BEFORE = 160 };

struct excerpt {
	const char *text;
	size_t len;
	size_t before;			/* where the place is in it */
	bool is_cut, is_cut_behind;
};

static bool is_inside_character(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static struct excerpt cut_excerpt(const char *line, size_t len, size_t before)
{
	struct excerpt excerpt = { .text = line, .len = len, .before = before < len ? before : len };

	if (len <= EXCERPT_LONGEST)
		return excerpt;
	before = excerpt.before;
	if (before > EXCERPT_BEFORE) {
		size_t cut = before - EXCERPT_BEFORE;

		while (cut < before && is_inside_character(line[cut]))
			cut++;
		excerpt = (struct excerpt){ .text = line + cut, .len = len - cut, .before = before - cut, .is_cut = true };
	}
	if (excerpt.len > EXCERPT_LONGEST) {
		excerpt.len = EXCERPT_LONGEST;
		excerpt.is_cut_behind = true;
		while (excerpt.len > excerpt.before && is_inside_character(excerpt.text[excerpt.len]))
			excerpt.len--;
	}
	return excerpt;
}

/* A terminal is not to obey what stands in a file: a control character is shown as one question mark, so that places stay. */
static char shown(char c)
{
	return ((unsigned char)c < ' ' && c != '\t') || c == 0x7f ? '?' : c;
}

static void print_line(const struct excerpt *excerpt, struct text *out)
{
	text_append(out, excerpt->is_cut ? "..." : "");
	for (size_t i = 0; i < excerpt->len; i++) {
		unsigned char c = (unsigned char)excerpt->text[i];
		bool is_second_set = c == 0xc2 && i + 1 < excerpt->len && (unsigned char)excerpt->text[i + 1] < 0xa0;

		text_append_char(out, is_second_set ? '?' : shown((char)c));
		i += is_second_set;
	}
	text_append(out, excerpt->is_cut_behind ? "...\n" : "\n");
}

/* From `start` to the line end, whatever bytes stand there; `before` of them at least, and no more behind them than an excerpt can show. */
static size_t line_len(const struct source *source, const char *start, size_t before)
{
	size_t rest = source->len - (size_t)(start - source->text) - before;
	size_t most = rest > EXCERPT_LONGEST ? EXCERPT_LONGEST + 1 : rest;
	const char *end = memchr(start + before, '\n', most);
	size_t len = end ? (size_t)(end - start) : before + most;

	return len > before && start[len - 1] == '\r' ? len - 1 : len;
}

/* The line with tabs kept, a caret under the place, tildes under the rest of it. */
static void print_excerpt(const struct diag_message *message, uint32_t line, uint32_t column, struct text *out)
{
	const struct source *source = message->where.source;
	const char *start = source->text + message->where.offset - (column - 1);
	struct excerpt excerpt = cut_excerpt(start, line_len(source, start, column - 1), column - 1);
	uint32_t marks = message->where.len ? message->where.len : 1;

	text_printf(out, "%5u | ", line);
	print_line(&excerpt, out);
	text_printf(out, "      | %s", excerpt.is_cut ? "   " : "");
	for (size_t i = 0; i < excerpt.before; i++)
		text_append_char(out, i < excerpt.len && excerpt.text[i] == '\t' ? '\t' : ' ');
	text_append_char(out, '^');
	for (size_t i = 1; i < marks && excerpt.before + i < excerpt.len; i++)
		text_append_char(out, '~');
	if (message->hint)
		text_printf(out, " %s", message->hint);
	text_append_char(out, '\n');
}

struct printer {
	struct text *out;
	struct source_place place;
};

static void print_message(void *owner, const struct diag_message *message)
{
	struct printer *printer = owner;
	struct text *out = printer->out;
	uint32_t column;

	if (!message->where.source) {
		text_printf(out, "ctreplay: %s: %s\n", severity_name(message->severity), message->message);
		if (message->hint)
			text_printf(out, "  hint: %s\n", message->hint);
		return;
	}
	source_move(&printer->place, message->where.source, message->where.offset);
	column = message->where.offset - printer->place.start + 1;
	text_printf(out, "%s:%u:%u: %s: %s\n", message->where.source->name, printer->place.line, column,
		    severity_name(message->severity), message->message);
	print_excerpt(message, printer->place.line, column, out);
}

/* By rank and place; at one place as they were said. */
static int compare_messages(const void *a, const void *b)
{
	const struct diag_message *left = *(const struct diag_message *const *)a, *right = *(const struct diag_message *const *)b;

	if (left->rank != right->rank)
		return left->rank < right->rank ? -1 : 1;
	if (left->where.offset != right->where.offset)
		return left->where.offset < right->where.offset ? -1 : 1;
	return left < right ? -1 : left > right;
}

void diag_visit(const struct diagnostics *diagnostics, diag_visitor *visit, void *owner)
{
	size_t n = diagnostics->n_messages;
	const struct diag_message **order = alloc_zeroed(n, sizeof(const struct diag_message *));

	for (size_t i = 0; i < n; i++)
		order[i] = &diagnostics->messages[i];
	if (n)
		qsort(order, n, sizeof(const struct diag_message *), compare_messages);
	for (size_t i = 0; i < n; i++)
		visit(owner, order[i]);
	free(order);
}

void diag_print(const struct diagnostics *diagnostics, struct text *out)
{
	struct printer printer = { .out = out };

	diag_visit(diagnostics, print_message, &printer);
	if (diagnostics->n_errors > DIAG_MOST_ERRORS)
		text_printf(out, "ctreplay: %zu more errors are not shown\n", diagnostics->n_errors - DIAG_MOST_ERRORS);
	if (diagnostics->n_warnings_left_out)
		text_printf(out, "ctreplay: %zu more warnings are not shown: a line has too many\n", diagnostics->n_warnings_left_out);
}

enum { NEAREST_LONGEST = 64, DIAG_MOST_COMPARED = 1000000 };

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

bool diag_may_compare(struct diagnostics *diagnostics, size_t n)
{
	if (diagnostics->n_compared > DIAG_MOST_COMPARED)
		return false;
	diagnostics->n_compared += n;
	return true;
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

		/* A difference in length is one of letters, too. */
		if (candidate_len > NEAREST_LONGEST || candidate_len >= len + best || len >= candidate_len + best)
			continue;
		d = distance(word, len, candidates[i], candidate_len);
		if (d < best) {
			best = d;
			nearest = candidates[i];
		}
	}
	return nearest;
}

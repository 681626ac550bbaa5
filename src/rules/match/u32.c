/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m u32: arithmetic on the packet's bytes. Linux 6.18, xt_u32.c: u32_match_it(). iptables 1.8.9, libxt_u32.c: the language. */
#include <ctype.h>
#include <string.h>

#include "rules/match_parts.h"

enum { U32 };

enum { MOST = 10, WORD_LEN = 4 };

enum u32_operator { U32_AND, U32_LEFT, U32_RIGHT, U32_AT };

static const char *const operators[] = { [U32_AND] = "&", [U32_LEFT] = "<<", [U32_RIGHT] = ">>", [U32_AT] = "@" };

struct u32_step {
	uint32_t number;
	uint8_t operator;		/* before it; the first step has none */
};

struct u32_test {
	struct u32_step steps[MOST];
	struct number_range values[MOST];
	uint8_t n_steps, n_values;
};

struct u32_config {
	struct option_marks marks;
	struct u32_test tests[MOST];
	uint8_t n_tests;
};

/* Where the text is being read. */
struct reader {
	const struct argument *argument;
	const char *at;
	struct diagnostics *diagnostics;
};

static bool complain(const struct reader *reader, const char *problem)
{
	struct source_range where = reader->argument->where;
	uint32_t offset = (uint32_t)(reader->at - reader->argument->text);

	/* The caret goes to the character where source and text have the same bytes. */
	if (where.source && where.len == strlen(reader->argument->text) && offset < where.len) {
		where.offset += offset;
		where.len = 1;
	}
	diag_error(reader->diagnostics, where, "\"6&0xFF=1 && 4&0x3FFF=0\"", "--u32: %s", problem);
	return false;
}

static void skip_blanks(struct reader *reader)
{
	while (isspace((unsigned char)*reader->at))
		reader->at++;
}

static bool skip(struct reader *reader, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(reader->at, word, len) != 0)
		return false;
	reader->at += len;
	return true;
}

static bool read_number(struct reader *reader, uint32_t *number)
{
	const char *end;
	uint64_t wide;

	if (!options_read_number(reader->at, &end, &wide) || wide > UINT32_MAX)
		return complain(reader, "a number of 32 bits is missing here");
	*number = (uint32_t)wide;
	reader->at = end;
	return true;
}

/* "0>>22&0x3C@0": up to the equals sign, which is taken too. */
static bool read_location(struct reader *reader, struct u32_test *test)
{
	for (;;) {
		struct u32_step *step = &test->steps[test->n_steps];

		skip_blanks(reader);
		if (test->n_steps && skip(reader, "="))
			return true;
		if (test->n_steps == MOST)
			return complain(reader, "more than ten numbers before the =");
		if (test->n_steps) {
			unsigned operator = U32_AND;

			while (operator <= U32_AT && !skip(reader, operators[operator]))
				operator++;
			if (operator > U32_AT)
				return complain(reader, "one of & << >> @ = is missing here");
			step->operator = (uint8_t)operator;
		}
		if (!read_number(reader, &step->number))
			return false;
		test->n_steps++;
	}
}

/* "1:5,7": up to && (taken, *goes_on) or the end. */
static bool read_values(struct reader *reader, struct u32_test *test, bool *goes_on)
{
	for (;;) {
		struct number_range *range = &test->values[test->n_values];

		skip_blanks(reader);
		*goes_on = test->n_values && skip(reader, "&&");
		if (*goes_on || (test->n_values && !*reader->at))
			return true;
		if (test->n_values == MOST)
			return complain(reader, "more than ten values");
		if (test->n_values && !skip(reader, ","))
			return complain(reader, "a comma or && is missing here");
		if (!read_number(reader, &range->first))
			return false;
		skip_blanks(reader);
		range->last = range->first;
		if (skip(reader, ":") && !read_number(reader, &range->last))
			return false;
		test->n_values++;
	}
}

static bool parse_u32(void *config, const struct argument *values, const struct extension_place *place,
		      struct diagnostics *diagnostics)
{
	struct u32_config *u32 = config;
	struct reader reader = { .argument = values, .at = values->text, .diagnostics = diagnostics };
	bool goes_on = true;

	(void)place;
	while (goes_on) {
		struct u32_test *test = &u32->tests[u32->n_tests];

		if (u32->n_tests == MOST)
			return complain(&reader, "more than ten tests");
		if (!read_location(&reader, test) || !read_values(&reader, test, &goes_on))
			return false;
		u32->n_tests++;
	}
	return true;
}

static void print_test(const struct u32_test *test, struct text *out)
{
	for (unsigned i = 0; i < test->n_steps; i++)
		text_printf(out, "%s0x%x", i ? operators[test->steps[i].operator] : "", test->steps[i].number);
	for (unsigned i = 0; i < test->n_values; i++) {
		text_printf(out, "%s0x%x", i ? "," : "=", test->values[i].first);
		if (test->values[i].first != test->values[i].last)
			text_printf(out, ":0x%x", test->values[i].last);
	}
}

static void print_tests(const struct u32_config *u32, struct text *out)
{
	text_append_char(out, '"');
	for (unsigned i = 0; i < u32->n_tests; i++) {
		text_append(out, i ? "&&" : "");
		print_test(&u32->tests[i], out);
	}
	text_append_char(out, '"');
}

static void print_u32(const void *config, struct text *out)
{
	text_append(out, "--u32 ");
	print_tests(config, out);
}

static const struct option_spec options[] = {
	{ .name = "u32", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE | OPTION_REQUIRED, .mark = U32,
	  .value_name = "tests", .parse = parse_u32, .print = print_u32,
	  .summary = "tests with && between; a test: offset [operator number]... = value[:value][,...]" },
};

/* Four bytes; MATCH_NO when the packet does not hold them. `at` has more bits than any offset needs: nothing wraps. */
static enum match_result load(const struct packet *packet, uint64_t at, uint32_t *value)
{
	struct cursor cursor;

	if (packet->total_len < WORD_LEN || at > packet->total_len - WORD_LEN)
		return MATCH_NO;
	cursor = cursor_at(packet->bytes, packet->len, (size_t)at);
	*value = cursor_u32(&cursor);
	return cursor.failed ? MATCH_UNKNOWN : MATCH_YES;
}

static enum match_result compute(const struct u32_test *test, const struct packet *packet, uint32_t *value)
{
	uint64_t base = 0;
	enum match_result result = load(packet, test->steps[0].number, value);

	for (unsigned i = 1; i < test->n_steps && result == MATCH_YES; i++) {
		uint32_t number = test->steps[i].number;

		switch (test->steps[i].operator) {
		case U32_AND:
			*value &= number;
			break;
		case U32_LEFT:
			*value <<= number;
			break;
		case U32_RIGHT:
			*value >>= number;
			break;
		default:
			base += *value;
			result = load(packet, base + number, value);
		}
	}
	return result;
}

static bool is_wanted(const struct u32_test *test, uint32_t value)
{
	for (unsigned i = 0; i < test->n_values; i++) {
		if (match_parts_is_in_range(&test->values[i], value))
			return true;
	}
	return false;
}

/* The first test that fails, or NULL; *result says why. */
static const struct u32_test *find_failed(const struct u32_config *u32, const struct packet *packet, uint32_t *value,
					  enum match_result *result)
{
	*result = MATCH_YES;
	for (unsigned i = 0; i < u32->n_tests; i++) {
		*result = compute(&u32->tests[i], packet, value);
		if (*result == MATCH_YES && is_wanted(&u32->tests[i], *value))
			continue;
		return &u32->tests[i];
	}
	return NULL;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct u32_config *u32 = config;
	enum match_result result;
	uint32_t value;
	bool holds = !find_failed(u32, subject->packet, &value, &result);

	(void)state;
	if (result == MATCH_UNKNOWN)
		return result;
	return match_parts_holds(&u32->marks, U32, holds) ? MATCH_YES : MATCH_NO;
}

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	const struct u32_config *u32 = config;

	for (unsigned i = 0; i < u32->n_tests; i++) {
		const struct u32_test *test = &u32->tests[i];

		for (unsigned k = 1; k < test->n_steps; k++) {
			bool is_shift = test->steps[k].operator == U32_LEFT || test->steps[k].operator == U32_RIGHT;

			if (!is_shift || test->steps[k].number < 32)
				continue;
			diag_error(diagnostics, place->where, NULL, "--u32: a shift by %u bits", test->steps[k].number);
			return false;
		}
	}
	return true;
}

static void list(const void *config, struct text *out)
{
	text_append(out, options_is_inverted(config, U32) ? " u32 ! " : " u32 ");
	print_tests(config, out);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	enum match_result result;
	uint32_t value;
	const struct u32_test *failed = find_failed(config, subject->packet, &value, &result);

	if (!failed) {
		text_append(out, "! --u32: all its tests hold");
		return;
	}
	text_append(out, "--u32: ");
	print_test(failed, out);
	if (result == MATCH_YES)
		text_printf(out, ": packet has 0x%x", value);
	else
		text_append(out, result == MATCH_NO ? ": the packet ends before" : ": the capture does not hold the bytes");
}

const struct match_type match_u32 = {
	.name = "u32",
	.summary = "arithmetic on the packet's bytes",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct u32_config),
	.check = check,
	.eval = eval,
	.list = list,
	.explain = explain,
};

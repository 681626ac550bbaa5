/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a rule to the packets that it takes. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "rules/ctstate_names.h"
#include "rules/extent_parts.h"
#include "rules/options.h"
#include "rules/program.h"

enum { MOST_SPANS = OPTION_MOST_RANGES + 1 };

struct span { struct extent_value first, last; };

static struct extent_value number(uint64_t value)
{
	return (struct extent_value){ .low = value };
}

static int compare_spans(const void *a, const void *b)
{
	return extent_compare(((const struct span *)a)->first, ((const struct span *)b)->first);
}

/* Sorted, without overlaps, and complemented when `is_inverted`. Room for one more than there are is needed. */
static size_t tidy(struct span *spans, size_t n, struct extent_value top, bool is_inverted)
{
	struct extent_value next = { 0, 0 };
	struct span tidied[MOST_SPANS];
	bool is_over = false;
	size_t n_tidied = 0;

	qsort(spans, n, sizeof(*spans), compare_spans);
	for (size_t i = 0; i < n && !is_over; i++) {
		struct span span = spans[i];

		if (extent_compare(span.first, next) < 0)
			span.first = next;
		if (extent_compare(span.first, span.last) > 0)
			continue;
		if (is_inverted && extent_compare(next, span.first) < 0)
			tidied[n_tidied++] = (struct span){ next, extent_before(span.first) };
		else if (!is_inverted)
			tidied[n_tidied++] = span;
		is_over = extent_compare(span.last, top) >= 0;
		next = extent_after(span.last);
	}
	if (is_inverted && !is_over)
		tidied[n_tidied++] = (struct span){ next, top };
	memcpy(spans, tidied, n_tidied * sizeof(*spans));
	return n_tidied;
}

/* The part of a box between two values of a field; false when there is none. */
static bool cut(struct extent_box *box, enum packet_field field, struct extent_value first, struct extent_value last)
{
	if (extent_compare(first, box->first[field]) > 0)
		box->first[field] = first;
	if (extent_compare(last, box->last[field]) < 0)
		box->last[field] = last;
	return extent_compare(box->first[field], box->last[field]) <= 0;
}

/* Keeps what has one of these values in the field. */
static void narrow(struct extent *extent, enum packet_field field, const struct span *spans, size_t n)
{
	struct extent narrowed = { .boxes = NULL };

	if (extent->n_boxes * n > EXTENT_MOST_BOXES) {
		extent->is_too_large = true;
		return;
	}
	for (size_t i = 0; i < extent->n_boxes; i++)
		for (size_t k = 0; k < n; k++) {
			struct extent_box box = extent->boxes[i];

			if (cut(&box, field, spans[k].first, spans[k].last))
				extent_add_box(&narrowed, &box);
		}
	free(extent->boxes);
	extent->boxes = narrowed.boxes;
	extent->n_boxes = narrowed.n_boxes;
}

static void add_condition(struct extent *extent, const struct text *words)
{
	extent->conditions = alloc_resize(extent->conditions, extent->n_conditions + 1, sizeof(*extent->conditions));
	extent->conditions[extent->n_conditions++] = alloc_copy(text_string(words), words->len);
}

static void add_words(struct extent *extent, const char *words, const char *value, bool is_inverted)
{
	struct text text;

	text_init(&text);
	text_printf(&text, "%s%s%s", is_inverted ? "! " : "", words, value);
	add_condition(extent, &text);
	text_clear(&text);
}

/* A mask with holes is no interval. */
static void narrow_address(struct extent *extent, enum packet_field field, enum family family,
			   const struct masked_address *range, bool is_inverted)
{
	struct address last = range->address;
	struct span spans[MOST_SPANS];
	struct text words;

	if (address_mask_prefix_len(family, &range->mask) < 0) {
		text_init(&words);
		address_print_masked(family, range, &words);
		add_words(extent, field == FIELD_SOURCE ? "-s " : "-d ", text_string(&words), is_inverted);
		text_clear(&words);
		return;
	}
	for (size_t i = 0; i < (family == FAMILY_IPV4 ? 1 : 4); i++)
		last.word[i] |= ~range->mask.word[i];
	spans[0] = (struct span){ extent_of_address(family, &range->address), extent_of_address(family, &last) };
	narrow(extent, field, spans, tidy(spans, 1, extent_most(field, family), is_inverted));
}

static void narrow_generic(struct extent *extent, enum family family, const struct ast_rule *rule)
{
	struct span span = { number(rule->protocol), number(rule->protocol) };
	struct span spans[MOST_SPANS];

	if (rule->tests & TEST_SOURCE)
		narrow_address(extent, FIELD_SOURCE, family, &rule->source, (rule->inverted & TEST_SOURCE) != 0);
	if (rule->tests & TEST_DESTINATION)
		narrow_address(extent, FIELD_DESTINATION, family, &rule->destination, (rule->inverted & TEST_DESTINATION) != 0);
	if (rule->tests & TEST_IN)
		add_words(extent, "-i ", rule->in, (rule->inverted & TEST_IN) != 0);
	if (rule->tests & TEST_OUT)
		add_words(extent, "-o ", rule->out, (rule->inverted & TEST_OUT) != 0);
	if ((rule->tests & TEST_PROTOCOL) && rule->protocol) {
		spans[0] = span;
		narrow(extent, FIELD_PROTOCOL, spans,
		       tidy(spans, 1, extent_most(FIELD_PROTOCOL, family), (rule->inverted & TEST_PROTOCOL) != 0));
	}
	if (rule->tests & TEST_FRAGMENT) {
		spans[0] = (struct span){ number(1), number(1) };
		narrow(extent, FIELD_FRAGMENT, spans, tidy(spans, 1, number(1), (rule->inverted & TEST_FRAGMENT) != 0));
	}
}

/* Bits of a set of names as values, where each stands for one; 0: it cannot be said so. */
static size_t bits_to_spans(uint32_t bits, enum packet_field field, struct span *spans)
{
	size_t n = 0;

	if (field == FIELD_CTSTATE && bits >> (extent_most(FIELD_CTSTATE, FAMILY_IPV4).low + 1))
		return 0;	/* SNAT and DNAT are states beside the state */
	for (uint32_t i = 0; i < OPTION_MOST_RANGES; i++)
		if (bits >> i & 1)
			spans[n++] = (struct span){ number(i), number(i) };
	return n;
}

static size_t ranges_to_spans(const struct option_spec *option, const void *config, struct span *spans)
{
	struct number_range ranges[OPTION_MOST_RANGES];
	size_t n = 1;

	if (option->kind == OPTION_CUSTOM)
		n = option->span(config, ranges);
	else
		memcpy(ranges, (const char *)config + option->offset, sizeof(*ranges));
	for (size_t i = 0; i < n; i++)
		spans[i] = (struct span){ number(ranges[i].first), number(ranges[i].last) };
	return n;
}

/* The values that an option names; false when it cannot be said so. */
static bool find_spans(const struct option_spec *option, const void *config, enum family family, struct span *spans, size_t *n)
{
	struct address_range range;
	uint32_t bits;

	switch (option->kind) {
	case OPTION_NAME_SET:
		memcpy(&bits, (const char *)config + option->offset, sizeof(bits));
		*n = bits_to_spans(bits, (enum packet_field)option->field, spans);
		return *n > 0;
	case OPTION_ADDRESS_RANGE:
		memcpy(&range, (const char *)config + option->offset, sizeof(range));
		spans[0] = (struct span){ extent_of_address(family, &range.first), extent_of_address(family, &range.last) };
		*n = 1;
		return true;
	default:
		*n = ranges_to_spans(option, config, spans);
		return true;
	}
}

/* True when the option is in the boxes now. */
static bool narrow_option(struct extent *extent, const struct option_spec *option, const void *config, enum family family)
{
	const struct option_marks *marks = config;
	enum packet_field field = (enum packet_field)option->field;
	struct span spans[MOST_SPANS];
	size_t n;

	if (field == FIELD_NONE || !find_spans(option, config, family, spans, &n))
		return false;
	narrow(extent, field, spans, tidy(spans, n, extent_most(field, family), options_is_inverted(marks, option->mark)));
	return true;
}

static void add_option(struct extent *extent, const struct match_type *match, const struct option_spec *option,
		       const void *config)
{
	struct text words;

	text_init(&words);
	text_printf(&words, "%s ", match->name);
	options_print_option(option, config, &words);
	add_condition(extent, &words);
	text_clear(&words);
}

static void add_match(struct extent *extent, const struct match_type *match, const void *config)
{
	struct text words;

	text_init(&words);
	text_append(&words, match->name);
	if (match->print)
		match->print(config, &words);
	else
		options_print(match->options, match->n_options, config, &words);
	add_condition(extent, &words);
	text_clear(&words);
}

/* It remembers packets, asks what no capture knows, or reads what a target of an earlier rule may have changed. */
static bool may_change_its_mind(const struct match_type *match, enum table table)
{
	static const char *const names[] = {
		"mark", "connmark", "connlabel", "tos", "dscp", "ecn", "ttl", "hl", "tcpmss", "set", "string", "u32", "bpf",
	};

	if (match->class != EXTENSION_EXACT || match->state_size)
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(match->name, names[i]) == 0)
			return true;
	/* The CT target of raw changes the state. */
	return table == TABLE_RAW && match->n_options && match->options[0].field == FIELD_CTSTATE;
}

/*
 * A match whose options hold one by one: they can be told apart. For -m conntrack they do not: a packet without an
 * entry meets every other criterion once --ctstate holds, and none when it is not asked.
 */
static bool has_separate_options(const struct match_type *match)
{
	for (size_t i = 0; i < match->n_options; i++)
		if (match->options[i].field != FIELD_NONE)
			return strcmp(match->name, "conntrack") != 0;
	return false;
}

/* Port and type tests say no to what has no such header: the rest of a datagram in pieces, what was cut short. */
static bool needs_header(const struct match_type *match)
{
	for (size_t i = 0; i < match->n_options; i++) {
		uint8_t field = match->options[i].field;

		if (field == FIELD_SOURCE_PORT || field == FIELD_DESTINATION_PORT || field == FIELD_ICMP)
			return true;
	}
	return false;
}

static void narrow_match(struct extent *extent, enum family family, const struct match_type *match, const void *config)
{
	const struct option_marks *marks = config;
	bool is_separate = has_separate_options(match), is_whole = true;

	if (needs_header(match))
		add_words(extent, "header", "", false);
	for (size_t i = 0; i < match->n_options; i++) {
		const struct option_spec *option = &match->options[i];

		if ((option->flags & OPTION_IS_ALIAS) || !options_is_seen(marks, option->mark))
			continue;
		if (narrow_option(extent, option, config, family))
			continue;
		is_whole = false;
		if (is_separate)
			add_option(extent, match, option, config);
	}
	if (!is_separate && !is_whole)
		add_match(extent, match, config);
}

void extent_init_rule(struct extent *extent, const struct ast_table *table, const struct ast_rule *rule)
{
	extent_init_all(extent, table->family);
	narrow_generic(extent, table->family, rule);
	for (const struct ast_extension *match = rule->matches; match; match = match->next) {
		if (!match->match || match->reason || may_change_its_mind(match->match, table->table))
			extent->is_open = true;
		if (match->match && strcmp(match->match->name, "comment") != 0)
			narrow_match(extent, table->family, match->match, match->config);
	}
}

static void visit_rule(const struct ast_table *table, const struct ast_rule *rule, rule_extent_visitor *visit, void *owner)
{
	struct rule_extent told = {
		.place = &rule->place,
		.family = table->family,
		.hooks = rule->hooks,
		.in = rule->inverted & TEST_IN ? "" : rule->in,
		.out = rule->inverted & TEST_OUT ? "" : rule->out,
	};
	struct extent extent;

	extent_init_rule(&extent, table, rule);
	told.extent = &extent;
	visit(owner, &told);
	extent_clear(&extent);
}

void ruleset_visit_extents(const struct ruleset *ruleset, rule_extent_visitor *visit, void *owner)
{
	for (unsigned i = 0; i < 2 * TABLE_COUNT; i++) {
		const struct program *program = &ruleset->programs[i / TABLE_COUNT][i % TABLE_COUNT];

		for (size_t k = 0; program->rules && k < program->n_chains; k++)
			for (size_t n = 0; n < program->chains[k]->n_rules; n++)
				if (program->chains[k]->rules[n]->hooks)
					visit_rule(program->table, program->chains[k]->rules[n], visit, owner);
	}
}

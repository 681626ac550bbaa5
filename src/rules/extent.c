/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/extent.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "rules/ctstate_names.h"
#include "rules/options.h"
#include "rules/program.h"

/* A list of 15 ports in either direction fits; what is cut into more pieces is not worth it. */
enum { MOST_BOXES = 1024, MOST_SPANS = OPTION_MOST_RANGES + 1 };

struct span { struct extent_value first, last; };

static const uint64_t field_most[FIELD_COUNT] = {
	[FIELD_PROTOCOL] = 255,
	[FIELD_FRAGMENT] = 1,
	[FIELD_SOURCE_PORT] = 65535,
	[FIELD_DESTINATION_PORT] = 65535,
	[FIELD_ICMP] = 65535,
	[FIELD_CTSTATE] = 4,
	[FIELD_LENGTH] = UINT32_MAX,
};

int extent_compare(struct extent_value a, struct extent_value b)
{
	if (a.high != b.high)
		return a.high < b.high ? -1 : 1;
	return a.low == b.low ? 0 : a.low < b.low ? -1 : 1;
}

struct extent_value extent_before(struct extent_value value)
{
	value.high -= value.low == 0;
	value.low--;
	return value;
}

struct extent_value extent_after(struct extent_value value)
{
	value.low++;
	value.high += value.low == 0;
	return value;
}

static struct extent_value number(uint64_t value)
{
	return (struct extent_value){ .low = value };
}

struct extent_value extent_most(enum packet_field field, enum family family)
{
	if (field != FIELD_SOURCE && field != FIELD_DESTINATION)
		return number(field_most[field]);
	return family == FAMILY_IPV6 ? (struct extent_value){ UINT64_MAX, UINT64_MAX } : number(UINT32_MAX);
}

struct extent_value extent_of_address(enum family family, const struct address *address)
{
	struct extent_value value = { 0, 0 };
	uint8_t bytes[16];

	address_to_bytes(family, address, bytes);
	for (size_t i = 0; i < (family == FAMILY_IPV4 ? 4 : 16); i++) {
		value.high = value.high << 8 | value.low >> 56;
		value.low = value.low << 8 | bytes[i];
	}
	return value;
}

struct address extent_to_address(enum family family, struct extent_value value)
{
	uint8_t bytes[16];
	size_t len = family == FAMILY_IPV4 ? 4 : 16;

	for (size_t i = len; i-- > 0;) {
		bytes[i] = (uint8_t)value.low;
		value.low = value.low >> 8 | value.high << 56;
		value.high >>= 8;
	}
	return address_from_bytes(family, bytes);
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

static struct extent_box *add_box(struct extent *extent, const struct extent_box *box)
{
	if ((extent->n_boxes & (extent->n_boxes - 1)) == 0)
		extent->boxes = alloc_resize(extent->boxes, extent->n_boxes ? extent->n_boxes * 2 : 1, sizeof(*box));
	extent->boxes[extent->n_boxes] = *box;
	return &extent->boxes[extent->n_boxes++];
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

	if (extent->n_boxes * n > MOST_BOXES) {
		extent->is_too_large = true;
		return;
	}
	for (size_t i = 0; i < extent->n_boxes; i++)
		for (size_t k = 0; k < n; k++) {
			struct extent_box box = extent->boxes[i];

			if (cut(&box, field, spans[k].first, spans[k].last))
				add_box(&narrowed, &box);
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

void extent_init_all(struct extent *extent, enum family family)
{
	struct extent_box box = { .first = { { 0, 0 } } };

	memset(extent, 0, sizeof(*extent));
	for (int field = FIELD_NONE + 1; field < FIELD_COUNT; field++)
		box.last[field] = extent_most((enum packet_field)field, family);
	add_box(extent, &box);
}

void extent_clear(struct extent *extent)
{
	for (size_t i = 0; i < extent->n_conditions; i++)
		free(extent->conditions[i]);
	free(extent->conditions);
	free(extent->boxes);
	memset(extent, 0, sizeof(*extent));
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

	if (field == FIELD_CTSTATE && bits >> (field_most[FIELD_CTSTATE] + 1))
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

static bool has_condition(const struct extent *extent, const char *condition)
{
	for (size_t i = 0; i < extent->n_conditions; i++)
		if (strcmp(extent->conditions[i], condition) == 0)
			return true;
	return false;
}

/* "-i eth+" is met by whatever meets "-i eth0". */
static bool implies_interface(const struct extent *extent, const char *condition)
{
	size_t len = strlen(condition);

	if (strncmp(condition, "-i ", 3) != 0 && strncmp(condition, "-o ", 3) != 0)
		return false;
	if (condition[len - 1] != '+')
		return false;
	for (size_t i = 0; i < extent->n_conditions; i++)
		if (strncmp(extent->conditions[i], condition, len - 1) == 0)
			return true;
	return false;
}

static bool implies_all(const struct extent *extent, const struct extent *other)
{
	for (size_t i = 0; i < other->n_conditions; i++)
		if (!has_condition(extent, other->conditions[i]) && !implies_interface(extent, other->conditions[i]))
			return false;
	return true;
}

static bool overlap(const struct extent_box *a, const struct extent_box *b)
{
	for (int field = FIELD_NONE + 1; field < FIELD_COUNT; field++)
		if (extent_compare(a->last[field], b->first[field]) < 0 || extent_compare(b->last[field], a->first[field]) < 0)
			return false;
	return true;
}

/* The pieces of a box that are outside of another one with which it overlaps: at most two a field. */
static void add_rest(struct extent *extent, struct extent_box box, const struct extent_box *taken)
{
	for (int field = FIELD_NONE + 1; field < FIELD_COUNT; field++) {
		struct extent_box piece = box;

		if (extent_compare(box.first[field], taken->first[field]) < 0) {
			piece.last[field] = extent_before(taken->first[field]);
			add_box(extent, &piece);
			box.first[field] = taken->first[field];
		}
		piece = box;
		if (extent_compare(taken->last[field], box.last[field]) < 0) {
			piece.first[field] = extent_after(taken->last[field]);
			add_box(extent, &piece);
			box.last[field] = taken->last[field];
		}
	}
}

static bool subtract_box(struct extent *extent, const struct extent_box *taken)
{
	struct extent rest = { .boxes = NULL };
	bool is_less = false;

	for (size_t i = 0; i < extent->n_boxes; i++) {
		if (overlap(&extent->boxes[i], taken)) {
			is_less = true;
			add_rest(&rest, extent->boxes[i], taken);
		} else {
			add_box(&rest, &extent->boxes[i]);
		}
	}
	if (!is_less || rest.n_boxes > MOST_BOXES) {
		free(rest.boxes);
		return false;
	}
	free(extent->boxes);
	extent->boxes = rest.boxes;
	extent->n_boxes = rest.n_boxes;
	return true;
}

bool extent_subtract(struct extent *extent, const struct extent *taken)
{
	bool is_less = false;

	if (taken->is_open || taken->is_too_large || !implies_all(extent, taken))
		return false;
	for (size_t i = 0; i < taken->n_boxes; i++)
		is_less |= subtract_box(extent, &taken->boxes[i]);
	return is_less;
}

/* Two rules for different interfaces have no packet in common. */
static bool have_other_interfaces(const struct extent *a, const struct extent *b)
{
	for (size_t i = 0; i < a->n_conditions; i++)
		for (size_t k = 0; k < b->n_conditions; k++) {
			const char *one = a->conditions[i], *two = b->conditions[k];
			bool is_interface = strncmp(one, "-i ", 3) == 0 || strncmp(one, "-o ", 3) == 0;

			if (is_interface && strncmp(one, two, 3) == 0 && one[strlen(one) - 1] != '+' &&
			    two[strlen(two) - 1] != '+' && strcmp(one, two) != 0)
				return true;
		}
	return false;
}

bool extent_is_disjoint(const struct extent *a, const struct extent *b)
{
	if (have_other_interfaces(a, b))
		return true;
	for (size_t i = 0; i < a->n_boxes; i++)
		for (size_t k = 0; k < b->n_boxes; k++)
			if (overlap(&a->boxes[i], &b->boxes[k]))
				return false;
	return true;
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

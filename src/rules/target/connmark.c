/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j CONNMARK: the connection's mark, and between it and the packet's. Linux 6.18, xt_connmark.c: connmark_tg_shift(). */
#include "rules/options.h"

enum {
	SET_XMARK, SET_MARK, AND_MARK, OR_MARK, XOR_MARK, SAVE_MARK, RESTORE_MARK, CTMASK, NFMASK, MASK, LEFT_SHIFT, RIGHT_SHIFT,
};

enum { SHIFT_MOST = 31 };

/* Set: mark = (mark & ~change.mask) ^ change.value. Save and restore: change.mask is of the connection's mark. */
struct connmark_config {
	struct option_marks marks;
	struct masked_value change;
	uint32_t packet_mask;
	uint32_t shift;
	bool is_right_shift;
};

static bool read_number(const struct argument *value, uint32_t most, uint32_t *number, struct diagnostics *diagnostics)
{
	const char *at = value->text;
	struct option_word word;

	options_next_word(value, &at, '\0', &word);
	return options_parse_number(&word, 0, most, number, diagnostics);
}

/* Options are carried out in their order: a later mask replaces the one of an operation. */
static bool parse_set(void *config, const struct argument *values, const struct extension_place *place,
		      struct diagnostics *diagnostics)
{
	struct masked_value *change = &((struct connmark_config *)config)->change;
	const char *at = values->text;
	struct option_word word;

	(void)place;
	options_next_word(values, &at, '/', &word);
	if (!options_parse_number(&word, 0, UINT32_MAX, &change->value, diagnostics))
		return false;
	change->mask = UINT32_MAX;
	if (at) {
		options_next_word(values, &at, '\0', &word);
		if (!options_parse_number(&word, 0, UINT32_MAX, &change->mask, diagnostics))
			return false;
	}
	change->mask |= change->value;
	return true;
}

static bool parse_and(void *config, const struct argument *values, const struct extension_place *place,
		      struct diagnostics *diagnostics)
{
	struct masked_value *change = &((struct connmark_config *)config)->change;
	uint32_t bits;

	(void)place;
	if (!read_number(values, UINT32_MAX, &bits, diagnostics))
		return false;
	*change = (struct masked_value){ .value = 0, .mask = ~bits };
	return true;
}

static bool parse_or(void *config, const struct argument *values, const struct extension_place *place,
		     struct diagnostics *diagnostics)
{
	struct masked_value *change = &((struct connmark_config *)config)->change;

	(void)place;
	if (!read_number(values, UINT32_MAX, &change->value, diagnostics))
		return false;
	change->mask = change->value;
	return true;
}

static bool parse_xor(void *config, const struct argument *values, const struct extension_place *place,
		      struct diagnostics *diagnostics)
{
	struct masked_value *change = &((struct connmark_config *)config)->change;

	(void)place;
	change->mask = 0;
	return read_number(values, UINT32_MAX, &change->value, diagnostics);
}

static bool parse_mask(void *config, const struct argument *values, const struct extension_place *place,
		       struct diagnostics *diagnostics)
{
	struct connmark_config *connmark = config;

	(void)place;
	if (!read_number(values, UINT32_MAX, &connmark->packet_mask, diagnostics))
		return false;
	connmark->change.mask = connmark->packet_mask;
	return true;
}

static bool parse_left_shift(void *config, const struct argument *values, const struct extension_place *place,
			     struct diagnostics *diagnostics)
{
	struct connmark_config *connmark = config;

	(void)place;
	connmark->is_right_shift = false;
	return read_number(values, SHIFT_MOST, &connmark->shift, diagnostics);
}

static bool parse_right_shift(void *config, const struct argument *values, const struct extension_place *place,
			      struct diagnostics *diagnostics)
{
	struct connmark_config *connmark = config;

	(void)place;
	connmark->is_right_shift = true;
	return read_number(values, SHIFT_MOST, &connmark->shift, diagnostics);
}

#define OPERATIONS 0x7f
#define OTHERS(mark) (OPERATIONS & ~(1 << (mark)))
#define OTHER_NAMES "another operation of CONNMARK"
#define VALUE_OPTION(option, id, other, names, value, function, words) \
	{ .name = option, .kind = OPTION_CUSTOM, .n_values = 1, .mark = id, .excludes = other, .excluded_names = names, \
	  .value_name = value, .parse = function, .summary = words }

static const struct option_spec options[] = {
	{ .name = "set-xmark", .kind = OPTION_MASKED, .mark = SET_XMARK, .offset = offsetof(struct connmark_config, change),
	  .excludes = OTHERS(SET_XMARK), .excluded_names = OTHER_NAMES, .value_name = "value[/mask]",
	  .summary = "clear the mask's bits, then exclusive-or the value" },
	VALUE_OPTION("set-mark", SET_MARK, OTHERS(SET_MARK), OTHER_NAMES, "value[/mask]", parse_set,
		     "clear the mask's bits, then set the value's"),
	VALUE_OPTION("and-mark", AND_MARK, OTHERS(AND_MARK), OTHER_NAMES, "bits", parse_and, "keep these bits alone"),
	VALUE_OPTION("or-mark", OR_MARK, OTHERS(OR_MARK), OTHER_NAMES, "bits", parse_or, "set these bits"),
	VALUE_OPTION("xor-mark", XOR_MARK, OTHERS(XOR_MARK), OTHER_NAMES, "bits", parse_xor, "turn these bits round"),
	{ .name = "save-mark", .kind = OPTION_FLAG, .mark = SAVE_MARK, .excludes = OTHERS(SAVE_MARK),
	  .excluded_names = OTHER_NAMES, .summary = "the packet's mark becomes the connection's" },
	{ .name = "restore-mark", .kind = OPTION_FLAG, .mark = RESTORE_MARK, .excludes = OTHERS(RESTORE_MARK),
	  .excluded_names = OTHER_NAMES, .summary = "the connection's mark becomes the packet's" },
	{ .name = "ctmask", .kind = OPTION_NUMBER, .mark = CTMASK, .offset = offsetof(struct connmark_config, change.mask),
	  .max = UINT32_MAX, .excludes = 1 << MASK, .excluded_names = "--mask", .value_name = "bits",
	  .summary = "bits of the connection's mark" },
	{ .name = "nfmask", .kind = OPTION_NUMBER, .mark = NFMASK, .offset = offsetof(struct connmark_config, packet_mask),
	  .max = UINT32_MAX, .excludes = 1 << MASK, .excluded_names = "--mask", .value_name = "bits",
	  .summary = "bits of the packet's mark" },
	VALUE_OPTION("mask", MASK, 1 << CTMASK | 1 << NFMASK, "--ctmask or --nfmask", "bits", parse_mask, "both masks at once"),
	VALUE_OPTION("left-shift-mark", LEFT_SHIFT, 0, NULL, "bits", parse_left_shift, "shift what is moved"),
	VALUE_OPTION("right-shift-mark", RIGHT_SHIFT, 0, NULL, "bits", parse_right_shift, "shift what is moved"),
};

static void init(void *config)
{
	struct connmark_config *connmark = config;

	connmark->change.mask = connmark->packet_mask = UINT32_MAX;
}

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	if (((const struct connmark_config *)config)->marks.seen & OPERATIONS)
		return true;
	diag_error(diagnostics, place->where, NULL, "CONNMARK needs --set-mark, --save-mark, --restore-mark or the like");
	return false;
}

static uint32_t shifted(const struct connmark_config *connmark, uint32_t mark)
{
	return connmark->is_right_shift ? mark >> connmark->shift : mark << connmark->shift;
}

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	const struct connmark_config *connmark = config;
	const struct connection *connection = subject_entry(subject);
	uint32_t mark;

	(void)state;
	if (!connection)
		return TARGET_CONTINUE;
	if (options_is_seen(&connmark->marks, RESTORE_MARK)) {
		mark = shifted(connmark, connection->mark & connmark->change.mask);
		subject->mark = (subject->mark & ~connmark->packet_mask) ^ mark;
		return TARGET_CONTINUE;
	}
	if (options_is_seen(&connmark->marks, SAVE_MARK)) {
		mark = shifted(connmark, subject->mark & connmark->packet_mask);
		mark ^= connection->mark & ~connmark->change.mask;
	} else {
		mark = shifted(connmark, (connection->mark & ~connmark->change.mask) ^ connmark->change.value);
	}
	if (connection == subject->request.template_entry)
		subject->request.template_entry->mark = mark;
	else
		subject->connections->change_mark(subject->connections, subject->tracking, mark);
	return TARGET_CONTINUE;
}

static void print(const void *config, struct text *out)
{
	const struct connmark_config *connmark = config;
	const struct option_marks *marks = &connmark->marks;

	if (options_is_seen(marks, SAVE_MARK) || options_is_seen(marks, RESTORE_MARK))
		text_printf(out, " --%s-mark --nfmask 0x%x --ctmask 0x%x", options_is_seen(marks, SAVE_MARK) ? "save" : "restore",
			    connmark->packet_mask, connmark->change.mask);
	else
		text_printf(out, " --set-xmark 0x%x/0x%x", connmark->change.value, connmark->change.mask);
	if (connmark->shift)
		text_printf(out, " --%s-shift-mark %u", connmark->is_right_shift ? "right" : "left", connmark->shift);
}

static void list_change(const struct masked_value *change, struct text *out)
{
	if (change->value == 0)
		text_printf(out, " CONNMARK and 0x%x", ~change->mask);
	else if (change->value == change->mask)
		text_printf(out, " CONNMARK or 0x%x", change->value);
	else if (change->mask == 0)
		text_printf(out, " CONNMARK xor 0x%x", change->value);
	else if (change->mask == UINT32_MAX)
		text_printf(out, " CONNMARK set 0x%x", change->value);
	else
		text_printf(out, " CONNMARK xset 0x%x/0x%x", change->value, change->mask);
}

static void list_move(const struct connmark_config *connmark, const char *verb, struct text *out)
{
	if (connmark->packet_mask == UINT32_MAX && connmark->change.mask == UINT32_MAX)
		text_printf(out, " CONNMARK %s", verb);
	else if (connmark->packet_mask == connmark->change.mask)
		text_printf(out, " CONNMARK %s mask 0x%x", verb, connmark->packet_mask);
	else
		text_printf(out, " CONNMARK %s nfmask 0x%x ctmask ~0x%x", verb, connmark->packet_mask, connmark->change.mask);
}

static void list(const void *config, struct text *out)
{
	const struct connmark_config *connmark = config;

	if (options_is_seen(&connmark->marks, SAVE_MARK))
		list_move(connmark, "save", out);
	else if (options_is_seen(&connmark->marks, RESTORE_MARK))
		list_move(connmark, "restore", out);
	else
		list_change(&connmark->change, out);
	if (connmark->shift)
		text_printf(out, " %s-shift-mark %u", connmark->is_right_shift ? "right" : "left",
			    connmark->shift);
}

const struct target_type target_connmark = {
	.name = "CONNMARK",
	.summary = "the mark of the connection, and between it and the packet's; the packet goes on",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct connmark_config),
	.init = init,
	.check = check,
	.eval = eval,
	.print = print,
	.list = list,
};

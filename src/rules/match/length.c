/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m length: length of the IP packet. Linux 6.18, xt_length.c: length_mt(), length_mt6(). */
#include "rules/match_parts.h"

enum { LENGTH };

struct length_config {
	struct option_marks marks;
	struct number_range wanted;
};

static const struct option_spec options[] = {
	{ .name = "length", .kind = OPTION_NUMBER_RANGE, .flags = OPTION_INVERTIBLE | OPTION_REQUIRED, .mark = LENGTH,
	  .field = FIELD_LENGTH,
	  .offset = offsetof(struct length_config, wanted), .max = UINT16_MAX, .value_name = "length[:length]",
	  .summary = "bytes of the packet, IP header included" },
};

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct length_config *length = config;
	bool is_in = match_parts_is_in_range(&length->wanted, subject->packet->total_len);

	(void)state;
	return match_parts_holds(&length->marks, LENGTH, is_in) ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	const struct length_config *length = config;

	text_append(out, options_is_inverted(&length->marks, LENGTH) ? " length !" : " length ");
	match_parts_print_range(&length->wanted, out);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	match_parts_explain_option(&options[0], config, out);
	text_append_u64(out, subject->packet->total_len);
}

const struct match_type match_length = {
	.name = "length",
	.summary = "length of the packet",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct length_config),
	.eval = eval,
	.list = list,
	.explain = explain,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m ecn: the congestion bits of IP and TCP. Linux 6.18, xt_ecn.c: ecn_mt4(), ecn_mt6(). */
#include "rules/match_parts.h"

enum { CWR, ECE, ECT };

enum { ECT_BITS = 3, TCP_HEADER_LEN = 20, TCP_FLAGS_AT = 13 };

struct ecn_config {
	struct option_marks marks;
	uint32_t ect;
};

static const struct option_spec options[] = {
	{ .name = "ecn-tcp-ece", .kind = OPTION_FLAG, .flags = OPTION_INVERTIBLE, .mark = ECE,
	  .summary = "TCP's echo of congestion" },
	{ .name = "ecn-tcp-cwr", .kind = OPTION_FLAG, .flags = OPTION_INVERTIBLE, .mark = CWR,
	  .summary = "TCP's congestion window reduced" },
	{ .name = "ecn-ip-ect", .kind = OPTION_NUMBER, .flags = OPTION_INVERTIBLE, .mark = ECT,
	  .offset = offsetof(struct ecn_config, ect), .max = ECT_BITS, .value_name = "number",
	  .summary = "the two lowest bits of the type of service: 0 to 3" },
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	const struct option_marks *marks = config;

	if (!match_parts_need_option(config, UINT32_MAX, "ecn needs --ecn-ip-ect, --ecn-tcp-ece or --ecn-tcp-cwr", place,
				     diagnostics))
		return false;
	if (!(marks->seen & (1 << ECE | 1 << CWR)) || (place->protocol == PROTOCOL_TCP && !place->protocol_is_inverted))
		return true;
	diag_error(diagnostics, place->where, "the rule needs -p tcp", "--ecn-tcp-ece and --ecn-tcp-cwr look at TCP");
	return false;
}

static bool flag_holds(const struct option_marks *marks, unsigned mark, bool is_set)
{
	return !options_is_seen(marks, mark) || match_parts_holds(marks, mark, is_set);
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct ecn_config *ecn = config;
	const struct packet *packet = subject->packet;
	struct cursor header;
	uint8_t tcp_flags;

	(void)state;
	if (!flag_holds(&ecn->marks, ECT, (packet->tos & ECT_BITS) == ecn->ect))
		return MATCH_NO;
	if (!(ecn->marks.seen & (1 << ECE | 1 << CWR)))
		return MATCH_YES;
	if (match_parts_open_blindly(packet, &header) < TCP_HEADER_LEN || cursor_left(&header) < TCP_HEADER_LEN)
		return MATCH_NO;
	cursor_skip(&header, TCP_FLAGS_AT);
	tcp_flags = cursor_u8(&header);
	return flag_holds(&ecn->marks, ECE, tcp_flags & TCP_ECE) && flag_holds(&ecn->marks, CWR, tcp_flags & TCP_CWR)
		       ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	const struct ecn_config *ecn = config;
	const struct option_marks *marks = &ecn->marks;

	text_append(out, " ECN match");
	if (options_is_seen(marks, ECE))
		text_append(out, options_is_inverted(marks, ECE) ? " !ECE" : " ECE");
	if (options_is_seen(marks, CWR))
		text_append(out, options_is_inverted(marks, CWR) ? " !CWR" : " CWR");
	if (options_is_seen(marks, ECT))
		text_printf(out, options_is_inverted(marks, ECT) ? " !ECT=%u" : " ECT=%u", ecn->ect);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	const struct packet *packet = subject->packet;

	text_append(out, "ecn");
	options_print(options, sizeof(options) / sizeof(options[0]), config, out);
	text_printf(out, ": packet has ECT %u", packet->tos & ECT_BITS);
	if (packet->has_l4)
		text_printf(out, ", %sECE, %sCWR", packet->tcp_flags & TCP_ECE ? "" : "no ", packet->tcp_flags & TCP_CWR ? "" : "no ");
}

const struct match_type match_ecn = {
	.name = "ecn",
	.summary = "explicit congestion notification bits",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct ecn_config),
	.check = check,
	.eval = eval,
	.list = list,
	.explain = explain,
};

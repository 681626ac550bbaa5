/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m tcpmss: the maximum segment size that a SYN offers. Linux 6.18, xt_tcpmss.c: tcpmss_mt(). */
#include "base/cursor.h"
#include "rules/match_parts.h"

enum { MSS };

enum { TCP_HEADER_LEN = 20, OPTION_MSS = 2, OPTION_MSS_LEN = 4 };

struct tcpmss_config {
	struct option_marks marks;
	struct number_range wanted;
};

static const struct option_spec options[] = {
	{ .name = "mss", .kind = OPTION_NUMBER_RANGE, .flags = OPTION_INVERTIBLE | OPTION_REQUIRED | OPTION_ORDERED,
	  .mark = MSS,
	  .offset = offsetof(struct tcpmss_config, wanted), .max = UINT16_MAX, .value_name = "value[:value]",
	  .summary = "the option is there and its value in the range" },
};

/* The option's value, -1 without one. Kinds 0 and 1 are one byte long; a length of 0 counts as 1. */
static int find_mss(const struct packet *packet)
{
	uint32_t len = (uint32_t)packet->tcp_header_len - TCP_HEADER_LEN;

	for (uint32_t i = 0; i < len;) {
		struct cursor option = cursor_at(packet->bytes, packet->len, (size_t)packet->l4_offset + TCP_HEADER_LEN + i);
		uint8_t kind = cursor_u8(&option), option_len;

		option_len = kind > 1 ? cursor_u8(&option) : 1;
		if (kind == OPTION_MSS && len - i >= OPTION_MSS_LEN && option_len == OPTION_MSS_LEN)
			return cursor_u16(&option);
		i += option_len ? option_len : 1;
	}
	return -1;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct tcpmss_config *tcpmss = config;
	const struct packet *packet = subject->packet;
	enum match_result header = match_parts_find_header(packet, TCP_HEADER_LEN);
	int mss;

	(void)state;
	if (header != MATCH_YES)
		return header;
	if (!packet->has_l4)
		return MATCH_NO;
	if (packet->tcp_header_len < TCP_HEADER_LEN || packet->l4_len < packet->tcp_header_len)
		return MATCH_HOTDROP;
	mss = find_mss(packet);
	return match_parts_holds(&tcpmss->marks, MSS, mss >= 0 && match_parts_is_in_range(&tcpmss->wanted, (uint32_t)mss)) ?
		MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	const struct tcpmss_config *tcpmss = config;

	text_append(out, options_is_inverted(&tcpmss->marks, MSS) ? " tcpmss match !" : " tcpmss match ");
	match_parts_print_range(&tcpmss->wanted, out);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	const struct packet *packet = subject->packet;
	int mss;

	if (match_parts_explain_header(packet, TCP_HEADER_LEN, out))
		return;
	mss = packet->tcp_header_len < TCP_HEADER_LEN ? -1 : find_mss(packet);
	match_parts_explain_option(&options[0], config, out);
	if (mss < 0)
		text_append(out, "no such option");
	else
		text_append_u64(out, (uint64_t)mss);
}

static const uint8_t protocols[] = { PROTOCOL_TCP, 0 };

const struct match_type match_tcpmss = {
	.name = "tcpmss",
	.summary = "maximum segment size of a SYN",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.protocols = protocols,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct tcpmss_config),
	.eval = eval,
	.list = list,
	.explain = explain,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m tcpmss: the maximum segment size that a SYN offers. Linux 6.18, xt_tcpmss.c: tcpmss_mt(). */
#include "base/cursor.h"
#include "rules/match_parts.h"

enum { MSS };

enum { TCP_HEADER_LEN = 20, TCP_HEADER_LEN_AT = 12, OPTION_MSS = 2, OPTION_MSS_LEN = 4 };

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
static int find_mss(struct cursor start, uint32_t len)
{
	for (uint32_t i = 0; i < len;) {
		struct cursor option = start;
		uint8_t kind, option_len;

		cursor_skip(&option, i);
		kind = cursor_u8(&option);
		option_len = kind > 1 ? cursor_u8(&option) : 1;
		if (kind == OPTION_MSS && len - i >= OPTION_MSS_LEN && option_len == OPTION_MSS_LEN)
			return cursor_u16(&option);
		i += option_len ? option_len : 1;
	}
	return -1;
}

/* MATCH_YES: there is a header; *mss is -1 when it has no such option. */
static enum match_result read_mss(const struct packet *packet, int *mss)
{
	struct cursor header;
	uint32_t len = match_parts_open_blindly(packet, &header), header_len;

	if (len < TCP_HEADER_LEN)
		return MATCH_HOTDROP;
	if (cursor_left(&header) < TCP_HEADER_LEN)
		return MATCH_NO;
	cursor_skip(&header, TCP_HEADER_LEN_AT);
	header_len = (uint32_t)(cursor_u8(&header) >> 4) * 4;
	if (header_len < TCP_HEADER_LEN || len < header_len)
		return MATCH_HOTDROP;
	cursor_skip(&header, TCP_HEADER_LEN - TCP_HEADER_LEN_AT - 1);
	*mss = find_mss(header, header_len - TCP_HEADER_LEN);
	return MATCH_YES;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct tcpmss_config *tcpmss = config;
	enum match_result header;
	int mss;

	(void)state;
	header = read_mss(subject->packet, &mss);
	if (header != MATCH_YES)
		return header;
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

	if (!packet->fragment_offset && match_parts_explain_header(packet, TCP_HEADER_LEN, out))
		return;
	match_parts_explain_option(&options[0], config, out);
	if (read_mss(packet, &mss) != MATCH_YES)
		text_append(out, packet->fragment_offset ? "no such header, and is a later fragment" : "a broken header");
	else if (mss < 0)
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

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m ah of IPv4: the SPI of an authentication header. Linux 6.18, ipt_ah.c: ah_mt(). */
#include "rules/spi_test.h"

enum { HEADER_LEN = 12, BEFORE_NUMBER = 4 };

static const struct option_spec options[] = {
	SPI_OPTION("ahspi", "security parameter index"),
};

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	struct cursor cursor;
	enum match_result header = match_parts_open_header(subject->packet, HEADER_LEN, &cursor);

	(void)state;
	if (header != MATCH_YES)
		return header;
	cursor_skip(&cursor, BEFORE_NUMBER);
	return spi_test_holds(config, cursor_u32(&cursor)) ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	text_append(out, " ah ");
	spi_test_list(config, out);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	struct cursor cursor;

	if (match_parts_explain_header(subject->packet, HEADER_LEN, out) ||
	    match_parts_open_header(subject->packet, HEADER_LEN, &cursor) != MATCH_YES)
		return;
	cursor_skip(&cursor, BEFORE_NUMBER);
	match_parts_explain_option(&options[0], config, out);
	text_append_u64(out, cursor_u32(&cursor));
}

static const uint8_t protocols[] = { PROTOCOL_AH, 0 };

const struct match_type match_ah = {
	.name = "ah",
	.summary = "SPI of an IPsec authentication header",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_IPV4,
	.protocols = protocols,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct spi_config),
	.init = spi_test_init,
	.eval = eval,
	.list = list,
	.explain = explain,
};

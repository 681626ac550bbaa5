/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -m ipcomp: the CPI of a compressed packet. Linux 6.18, xt_ipcomp.c: comp_mt(). iptables 1.8.9 has no default for the
 * range: without --ipcompspi it is CPI 0 alone.
 */
#include "rules/spi_test.h"

enum { HEADER_LEN = 4, BEFORE_NUMBER = 2 };

static const struct option_spec options[] = {
	SPI_OPTION("ipcompspi", "compression parameter index; 0 when not given"),
	{ .name = "compres", .kind = OPTION_FLAG, .mark = SPI_RESERVED, .summary = "the reserved field is 0: the kernel does not look" },
};

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	struct cursor cursor;
	enum match_result header = match_parts_open_header(subject->packet, HEADER_LEN, &cursor);

	(void)state;
	if (header != MATCH_YES)
		return header;
	cursor_skip(&cursor, BEFORE_NUMBER);
	return spi_test_holds(config, cursor_u16(&cursor)) ? MATCH_YES : MATCH_NO;
}

/* Printed even when it was not given. */
static void print(const void *config, struct text *out)
{
	const struct spi_config *ipcomp = config;

	if (ipcomp->range.first || ipcomp->range.last != UINT32_MAX) {
		text_append(out, options_is_inverted(&ipcomp->marks, SPI) ? " ! --ipcompspi " : " --ipcompspi ");
		match_parts_print_range(&ipcomp->range, out);
	}
	if (options_is_seen(&ipcomp->marks, SPI_RESERVED))
		text_append(out, " --compres");
}

static void list(const void *config, struct text *out)
{
	text_append(out, " comp ");
	spi_test_list(config, out);
	if (options_is_seen(config, SPI_RESERVED))
		text_append(out, " reserved");
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	struct cursor cursor;

	if (match_parts_explain_header(subject->packet, HEADER_LEN, out) ||
	    match_parts_open_header(subject->packet, HEADER_LEN, &cursor) != MATCH_YES)
		return;
	cursor_skip(&cursor, BEFORE_NUMBER);
	match_parts_explain_option(&options[0], config, out);
	text_append_u64(out, cursor_u16(&cursor));
}

static const uint8_t protocols[] = { PROTOCOL_IPCOMP, 0 };

const struct match_type match_ipcomp = {
	.name = "ipcomp",
	.summary = "CPI of an IP payload compression header",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.protocols = protocols,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct spi_config),
	.eval = eval,
	.print = print,
	.list = list,
	.explain = explain,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m esp: the SPI of an encrypted packet. Linux 6.18, xt_esp.c: esp_mt(). */
#include "rules/spi_test.h"

enum { HEADER_LEN = 8 };

static const struct option_spec options[] = {
	SPI_OPTION("espspi", "security parameter index"),
};

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	struct cursor cursor;
	enum match_result header = match_parts_open_header(subject->packet, HEADER_LEN, &cursor);

	(void)state;
	if (header != MATCH_YES)
		return header;
	return spi_test_holds(config, cursor_u32(&cursor)) ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	const struct spi_config *esp = config;

	text_append(out, " esp");
	if (esp->range.first || esp->range.last != UINT32_MAX || options_is_inverted(&esp->marks, SPI))
		text_append_char(out, ' ');
	spi_test_list(esp, out);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	struct cursor cursor;

	if (match_parts_explain_header(subject->packet, HEADER_LEN, out) ||
	    match_parts_open_header(subject->packet, HEADER_LEN, &cursor) != MATCH_YES)
		return;
	match_parts_explain_option(&options[0], config, out);
	text_append_u64(out, cursor_u32(&cursor));
}

static const uint8_t protocols[] = { PROTOCOL_ESP, 0 };

const struct match_type match_esp = {
	.name = "esp",
	.summary = "SPI of an IPsec payload",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.protocols = protocols,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct spi_config),
	.init = spi_test_init,
	.eval = eval,
	.list = list,
	.explain = explain,
};

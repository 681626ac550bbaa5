/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m ah of IPv6: the authentication header, wherever it stands in the chain. Linux 6.18, ip6t_ah.c: ah_mt6(). */
#include "rules/ipv6_headers.h"
#include "rules/spi_test.h"

enum { HEADER_LEN = 12 };

struct header {
	uint32_t len, spi;
	uint16_t reserved;
};

static const struct option_spec options[] = {
	SPI_OPTION("ahspi", "security parameter index"),
	{ .name = "ahlen", .kind = OPTION_NUMBER, .flags = OPTION_INVERTIBLE, .mark = SPI_LEN,
	  .offset = offsetof(struct spi_config, len), .max = UINT32_MAX, .value_name = "bytes",
	  .summary = "length of the header; 0: any" },
	{ .name = "ahres", .kind = OPTION_FLAG, .mark = SPI_RESERVED, .summary = "the reserved field is 0" },
};

static enum match_result read_header(const struct subject *subject, struct header *header)
{
	const struct packet *packet = subject->packet;
	struct cursor cursor;
	enum match_result found = ipv6_headers_open(packet, IPV6_AUTHENTICATION, HEADER_LEN, subject->profile, &cursor);
	uint32_t offset = (uint32_t)cursor.offset;

	if (found != MATCH_YES)
		return found;
	cursor_skip(&cursor, 1);
	header->len = ipv6_headers_len(IPV6_AUTHENTICATION, cursor_u8(&cursor));
	header->reserved = cursor_u16(&cursor);
	header->spi = cursor_u32(&cursor);
	return packet->total_len - offset < header->len ? MATCH_HOTDROP : MATCH_YES;
}

static bool len_holds(const struct spi_config *ah, uint32_t len)
{
	return !ah->len || match_parts_holds(&ah->marks, SPI_LEN, len == ah->len);
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct spi_config *ah = config;
	struct header header;
	enum match_result found = read_header(subject, &header);

	(void)state;
	if (found != MATCH_YES)
		return found;
	return spi_test_holds(ah, header.spi) && len_holds(ah, header.len) &&
	       !(options_is_seen(&ah->marks, SPI_RESERVED) && header.reserved) ? MATCH_YES : MATCH_NO;
}

static void print(const void *config, struct text *out)
{
	const struct spi_config *ah = config;

	options_print(options, 1, config, out);
	if (ah->len || options_is_inverted(&ah->marks, SPI_LEN))
		text_printf(out, " %s--ahlen %u", options_is_inverted(&ah->marks, SPI_LEN) ? "! " : "", ah->len);
	if (options_is_seen(&ah->marks, SPI_RESERVED))
		text_append(out, " --ahres");
}

static void list(const void *config, struct text *out)
{
	const struct spi_config *ah = config;
	bool is_inverted = options_is_inverted(&ah->marks, SPI_LEN);

	text_append(out, " ah ");
	spi_test_list(ah, out);
	if (ah->len || is_inverted)
		text_printf(out, "length:%s%u", is_inverted ? "!" : "", ah->len);
	if (options_is_seen(&ah->marks, SPI_RESERVED))
		text_append(out, " reserved");
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	struct header header;

	if (ipv6_headers_explain(subject, IPV6_AUTHENTICATION, "authentication header", out) ||
	    read_header(subject, &header) != MATCH_YES)
		return;
	text_append(out, "ah");
	print(config, out);
	text_printf(out, ": packet has SPI %u, %u bytes, reserved %u", header.spi, header.len, header.reserved);
}

const struct match_type match_ah6 = {
	.name = "ah",
	.summary = "IPsec authentication header",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_IPV6,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct spi_config),
	.init = spi_test_init,
	.eval = eval,
	.print = print,
	.list = list,
	.explain = explain,
};

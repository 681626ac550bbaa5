/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m ipv6header: which extension headers are there. Linux 6.18, ip6t_ipv6header.c: ipv6header_mt6(). */
#include <string.h>

#include "packet/protocol.h"
#include "rules/ipv6_headers.h"
#include "rules/match_parts.h"

enum { HEADER, SOFT };

enum { IPV6_HEADER_LEN = 40, NEXT_HEADER_AT = 6, OPTION_HEADER_LEN = 2, PROTOCOL_RAW = 255 };

struct ipv6header_config {
	struct option_marks marks;
	uint32_t headers;		/* bits of header_kinds */
};

/* In the order in which iptables prints them. `words`: its own names, numbers, and those of /etc/protocols; case matters. */
static const struct header_kind {
	uint8_t protocol, bit;
	const char *printed, *words;
} header_kinds[] = {
	{ IPV6_HOP_BY_HOP, 0x80, "hop-by-hop", "hop-by-hop hop 0 ip IP hopopt HOPOPT" },
	{ IPV6_DESTINATION, 0x40, "ipv6-opts", "dst 60 ipv6-opts IPv6-Opts" },
	{ IPV6_ROUTING, 0x20, "ipv6-route", "route 43 ipv6-route IPv6-Route" },
	{ IPV6_FRAGMENT, 0x10, "ipv6-frag", "frag 44 ipv6-frag IPv6-Frag" },
	{ IPV6_AUTHENTICATION, 0x08, "ah", "auth 51 ah IPSEC-AH" },
	{ PROTOCOL_ESP, 0x04, "esp", "esp 50 IPSEC-ESP" },
	{ PROTOCOL_NO_NEXT, 0x02, "ipv6-nonxt", "none 59 ipv6-nonxt IPv6-NoNxt" },
	{ PROTOCOL_RAW, 0x01, "protocol", "protocol prot 255" },
};

enum { N_KINDS = sizeof(header_kinds) / sizeof(header_kinds[0]) };

static uint8_t bit_of(uint8_t protocol)
{
	for (size_t i = 0; i < N_KINDS; i++) {
		if (header_kinds[i].protocol == protocol)
			return header_kinds[i].bit;
	}
	return 0;
}

static bool is_one_of(const char *word, const char *words)
{
	size_t len = strlen(word);

	while (*words) {
		size_t word_len = strcspn(words, " ");

		if (word_len == len && memcmp(words, word, len) == 0)
			return true;
		words += word_len + (words[word_len] == ' ');
	}
	return false;
}

static uint8_t find_bit(const char *word)
{
	for (size_t i = 0; i < N_KINDS; i++) {
		if (is_one_of(word, header_kinds[i].words))
			return header_kinds[i].bit;
	}
	return 0;
}

static bool parse_headers(void *config, const struct argument *values, const struct extension_place *place,
			  struct diagnostics *diagnostics)
{
	struct ipv6header_config *ipv6header = config;
	const char *at = values->text;
	struct option_word word;

	(void)place;
	while (at) {
		uint8_t bit;

		options_next_word(values, &at, ',', &word);
		bit = find_bit(word.text);
		ipv6header->headers |= bit;
		if (bit || !word.text[0])
			continue;
		diag_error(diagnostics, word.where, "hop, dst, route, frag, auth, esp, none, prot", "unknown header \"%s\"",
			   word.text);
		return false;
	}
	if (ipv6header->headers)
		return true;
	diag_error(diagnostics, values->where, NULL, "no header is named");
	return false;
}

static void print_set(uint32_t headers, struct text *out)
{
	const char *separator = "";

	for (size_t i = 0; i < N_KINDS; i++) {
		if (!(headers & header_kinds[i].bit))
			continue;
		text_printf(out, "%s%s", separator, header_kinds[i].printed);
		separator = ",";
	}
}

static void print_headers(const void *config, struct text *out)
{
	text_append(out, "--header ");
	print_set(((const struct ipv6header_config *)config)->headers, out);
}

static const struct option_spec options[] = {
	{ .name = "header", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE | OPTION_REQUIRED, .mark = HEADER,
	  .value_name = "header[,header]", .parse = parse_headers, .print = print_headers,
	  .summary = "exactly these: hop, dst, route, frag, auth, esp, none, prot (anything behind)" },
	{ .name = "soft", .kind = OPTION_FLAG, .mark = SOFT, .summary = "there may be others, too" },
};

/* Which are there; MATCH_NO when the packet ends before the next one's first bytes. */
static enum match_result find_headers(const struct packet *packet, uint32_t *found)
{
	struct cursor cursor = cursor_at(packet->bytes, packet->len, NEXT_HEADER_AT);
	uint8_t next = cursor_u8(&cursor);
	uint32_t at = IPV6_HEADER_LEN;

	*found = 0;
	while (protocol_is_extension(next) && at <= packet->total_len) {
		uint8_t here = next;

		if (packet->total_len - at < OPTION_HEADER_LEN)
			return MATCH_NO;
		cursor = cursor_at(packet->bytes, packet->len, at);
		next = cursor_u8(&cursor);
		at += ipv6_headers_len(here, cursor_u8(&cursor));
		if (cursor.failed)
			return MATCH_UNKNOWN;
		*found |= bit_of(here);
	}
	if (next == PROTOCOL_ESP && at <= packet->total_len) {
		if (packet->total_len - at < OPTION_HEADER_LEN)
			return MATCH_NO;
		*found |= bit_of(PROTOCOL_ESP);
	} else if (next == PROTOCOL_NO_NEXT && at <= packet->total_len) {
		*found |= bit_of(PROTOCOL_NO_NEXT);
	}
	if (next != PROTOCOL_NO_NEXT && next != PROTOCOL_ESP)
		*found |= bit_of(PROTOCOL_RAW);
	return MATCH_YES;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct ipv6header_config *ipv6header = config;
	const struct option_marks *marks = &ipv6header->marks;
	uint32_t found, wanted = ipv6header->headers;
	enum match_result result = find_headers(subject->packet, &found);

	(void)state;
	if (result != MATCH_YES)
		return result;
	/* Inverted and soft: none of them. */
	if (options_is_seen(marks, SOFT))
		return (found & wanted) == (options_is_inverted(marks, HEADER) ? 0 : wanted) ? MATCH_YES : MATCH_NO;
	return match_parts_holds(marks, HEADER, found == wanted) ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	const struct ipv6header_config *ipv6header = config;
	const struct option_marks *marks = &ipv6header->marks;

	text_printf(out, " ipv6header flags:%s0x%02X", options_is_inverted(marks, HEADER) ? "!" : "", ipv6header->headers);
	if (options_is_seen(marks, SOFT))
		text_append(out, " soft");
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	uint32_t found;

	if (find_headers(subject->packet, &found) != MATCH_YES) {
		text_append(out, "the packet's chain of headers ends too early");
		return;
	}
	match_parts_explain_option(&options[0], config, out);
	print_set(found, out);
}

const struct match_type match_ipv6header = {
	.name = "ipv6header",
	.summary = "IPv6 extension headers that are there",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_IPV6,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct ipv6header_config),
	.eval = eval,
	.list = list,
	.explain = explain,
};

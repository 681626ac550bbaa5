/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m eui64: the source's interface identifier is made from the MAC address. Linux 6.18, ip6t_eui64.c: eui64_mt6(). */
#include <string.h>

#include "rules/match_parts.h"

enum { IDENTIFIER_LEN = 8, IPV6_LEN = 16, UNIVERSAL_BIT = 2, ETHERTYPE_IPV6 = 0x86dd };

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct packet *packet = subject->packet;
	const uint8_t *mac = packet->link.source_mac;
	const uint8_t identifier[IDENTIFIER_LEN] = { mac[0] ^ UNIVERSAL_BIT, mac[1], mac[2], 0xff, 0xfe, mac[3], mac[4], mac[5] };
	uint8_t source[IPV6_LEN];

	(void)config;
	(void)state;
	if (!packet->link.has_source_mac || packet->link.ethertype != ETHERTYPE_IPV6)
		return MATCH_NO;
	address_to_bytes(FAMILY_IPV6, &packet->source, source);
	return memcmp(source + IPV6_LEN - IDENTIFIER_LEN, identifier, IDENTIFIER_LEN) == 0 ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	(void)config;
	text_append(out, " eui64");
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	const struct link_info *link = &subject->packet->link;

	(void)config;
	if (!link->has_source_mac) {
		text_append(out, "eui64: the capture has no MAC address");
		return;
	}
	text_append(out, "eui64: ");
	address_print(FAMILY_IPV6, &subject->packet->source, out);
	text_append(out, " is not made from ");
	for (size_t i = 0; i < sizeof(link->source_mac); i++)
		text_printf(out, "%s%02x", i ? ":" : "", link->source_mac[i]);
}

const struct match_type match_eui64 = {
	.name = "eui64",
	.summary = "IPv6 interface identifier made from the MAC address",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_IPV6,
	.hooks = 1 << HOOK_PREROUTING | 1 << HOOK_INPUT | 1 << HOOK_FORWARD,
	.config_size = sizeof(struct option_marks),
	.eval = eval,
	.list = list,
	.explain = explain,
};

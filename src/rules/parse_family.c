/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IPv4 or IPv6? What a text says without being asked. */
#include <ctype.h>
#include <string.h>

#include "rules/parse.h"

enum { WORD_LONGEST = 80 };

static const struct {
	const char *word;
	unsigned bits;
} signs[] = {
	{ "icmp", FAMILY_BIT_IPV4 },
	{ "--icmp-type", FAMILY_BIT_IPV4 },
	{ "-f", FAMILY_BIT_IPV4 },
	{ "--fragment", FAMILY_BIT_IPV4 },
	{ "ttl", FAMILY_BIT_IPV4 },
	{ "TTL", FAMILY_BIT_IPV4 },
	{ "realm", FAMILY_BIT_IPV4 },
	{ "icmpv6", FAMILY_BIT_IPV6 },
	{ "ipv6-icmp", FAMILY_BIT_IPV6 },
	{ "icmp6", FAMILY_BIT_IPV6 },
	{ "--icmpv6-type", FAMILY_BIT_IPV6 },
	{ "ipv6header", FAMILY_BIT_IPV6 },
	{ "frag", FAMILY_BIT_IPV6 },
	{ "hl", FAMILY_BIT_IPV6 },
	{ "HL", FAMILY_BIT_IPV6 },
	{ "rt", FAMILY_BIT_IPV6 },
	{ "eui64", FAMILY_BIT_IPV6 },
	{ "hbh", FAMILY_BIT_IPV6 },
};

/* The families of one word: an address, or a name that only one family has. */
static unsigned signs_of(const char *word, size_t len)
{
	struct masked_address range;
	enum family family;

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (signs[i].word[0] == word[0] && strlen(signs[i].word) == len && memcmp(signs[i].word, word, len) == 0)
			return signs[i].bits;
	}
	if (len > 5 && memcmp(word, "icmp6-", 6) == 0)
		return FAMILY_BIT_IPV6;
	if (len > 5 && memcmp(word, "icmp-", 5) == 0)
		return FAMILY_BIT_IPV4;
	if (!isxdigit((unsigned char)word[0]) && word[0] != ':')
		return 0;
	if (!address_parse_masked(word, len, &family, &range))
		return 0;
	return family == FAMILY_IPV6 ? FAMILY_BIT_IPV6 : FAMILY_BIT_IPV4;
}

static bool is_selector(const char *word, size_t len)
{
	return (len == 2 && word[0] == '-' && (word[1] == '4' || word[1] == '6')) ||
	       (len == 6 && (memcmp(word, "--ipv4", 6) == 0 || memcmp(word, "--ipv6", 6) == 0));
}

unsigned parse_family_signs(const struct source_range *where, bool *has_selectors)
{
	const char *text = where->source->text + where->offset;
	unsigned bits = 0;
	uint32_t i = 0;

	*has_selectors = false;
	while (i < where->len) {
		uint32_t len = 0;
		bool is_line_start = i == 0 || text[i - 1] == '\n';

		while (i + len < where->len && !strchr(" \t\r\n\",'=", text[i + len]))
			len++;
		if (is_line_start && len && text[i] == '#') {
			while (i < where->len && text[i] != '\n')
				i++;
		} else if (len && len < WORD_LONGEST && !(is_line_start && text[i] == ':')) {
			bits |= signs_of(text + i, len);
			*has_selectors |= is_selector(text + i, len);
		}
		i += len + 1;
	}
	return bits;
}

enum family parse_family_of_comment(struct source_range line)
{
	const char *text = line.source->text + line.offset;

	if (memmem(text, line.len, "ip6tables", 9))
		return FAMILY_IPV6;
	return memmem(text, line.len, "iptables", 8) ? FAMILY_IPV4 : FAMILY_NONE;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/address.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

enum { ADDRESS_LONGEST = 64 };

static size_t n_bytes(enum family family)
{
	return family == FAMILY_IPV6 ? 16 : 4;
}

uint32_t address_ipv4(const struct address *address)
{
	return ntohl(address->word[0]);
}

struct address address_from_ipv4(uint32_t host_order)
{
	return (struct address){ .word = { htonl(host_order) } };
}

int address_compare(const struct address *a, const struct address *b)
{
	return memcmp(a->word, b->word, sizeof(a->word));
}

struct address address_prefix_mask(enum family family, unsigned prefix_len)
{
	struct address mask = { .word = { 0 } };

	if (prefix_len > n_bytes(family) * 8)
		prefix_len = (unsigned)n_bytes(family) * 8;
	for (unsigned i = 0; i < 4 && prefix_len; i++) {
		unsigned bits = prefix_len < 32 ? prefix_len : 32;

		mask.word[i] = htonl(UINT32_MAX << (32 - bits));
		prefix_len -= bits;
	}
	return mask;
}

int address_mask_prefix_len(enum family family, const struct address *mask)
{
	int prefix_len = 0;
	struct address same;

	for (unsigned i = 0; i < n_bytes(family) / 4; i++) {
		uint32_t word = ntohl(mask->word[i]);

		for (; word & 0x80000000u; word <<= 1)
			prefix_len++;
		if (prefix_len % 32 || prefix_len / 32 != (int)i + 1)
			break;
	}
	same = address_prefix_mask(family, (unsigned)prefix_len);
	return address_is_equal(mask, &same) ? prefix_len : -1;
}

bool address_parse(const char *text, size_t len, enum family *family, struct address *address)
{
	char copy[ADDRESS_LONGEST];
	uint8_t bytes[16];

	if (len == 0 || len >= sizeof(copy) || memchr(text, '\0', len))
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (inet_pton(AF_INET, copy, bytes) == 1)
		*family = FAMILY_IPV4;
	else if (inet_pton(AF_INET6, copy, bytes) == 1)
		*family = FAMILY_IPV6;
	else
		return false;
	*address = address_from_bytes(*family, bytes);
	return true;
}

/* One to three decimal digits, at most `most`. */
static bool parse_prefix_len(const char *text, size_t len, unsigned most, unsigned *prefix_len)
{
	*prefix_len = 0;
	if (len == 0 || len > 3)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!isdigit((unsigned char)text[i]))
			return false;
		*prefix_len = *prefix_len * 10 + (unsigned)(text[i] - '0');
	}
	return *prefix_len <= most;
}

bool address_parse_masked(const char *text, size_t len, enum family *family, struct masked_address *range)
{
	const char *slash = memchr(text, '/', len);
	size_t address_len = slash ? (size_t)(slash - text) : len, mask_len = slash ? len - address_len - 1 : 0;
	enum family mask_family;
	unsigned most, prefix_len;

	if (!address_parse(text, address_len, family, &range->address))
		return false;
	most = (unsigned)n_bytes(*family) * 8;
	if (!slash)
		range->mask = address_prefix_mask(*family, most);
	else if (parse_prefix_len(slash + 1, mask_len, most, &prefix_len))
		range->mask = address_prefix_mask(*family, prefix_len);
	else if (!address_parse(slash + 1, mask_len, &mask_family, &range->mask) || mask_family != *family)
		return false;
	for (unsigned i = 0; i < 4; i++)
		range->address.word[i] &= range->mask.word[i];
	return true;
}

/* By hand: inet_ntop() goes through sprintf(), and every line of output prints four of these. */
static void print_ipv4(uint32_t bits, struct text *out)
{
	char *at = text_room(out, INET_ADDRSTRLEN);

	for (int shift = 24; shift > 0; shift -= 8) {
		at = text_write_small(at, bits >> shift & 0xff);
		*at++ = '.';
	}
	at = text_write_small(at, bits & 0xff);
	text_end_at(out, at);
}

void address_print(enum family family, const struct address *address, struct text *out)
{
	char printed[INET6_ADDRSTRLEN];

	if (family != FAMILY_IPV6) {
		print_ipv4(address_ipv4(address), out);
		return;
	}
	inet_ntop(AF_INET6, address->word, printed, sizeof(printed));
	text_append(out, printed);
}

void address_print_long(enum family family, const struct address *address, struct text *out)
{
	if (family != FAMILY_IPV6) {
		address_print(family, address, out);
		return;
	}
	for (unsigned i = 0; i < 4; i++) {
		uint32_t word = ntohl(address->word[i]);

		text_printf(out, "%s%04x:%04x", i ? ":" : "", word >> 16, word & 0xffff);
	}
}

void address_print_masked(enum family family, const struct masked_address *range, struct text *out)
{
	int prefix_len = address_mask_prefix_len(family, &range->mask);

	address_print(family, &range->address, out);
	text_append_char(out, '/');
	if (prefix_len >= 0)
		text_append_u64(out, (uint64_t)prefix_len);
	else
		address_print(family, &range->mask, out);
}

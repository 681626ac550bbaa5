/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses in options. iptables 1.8.9 reads them in two ways: addresses with a mask as getaddrinfo(3) does
 * ("10.1" is 10.0.0.1), ranges part by part ("10.1" is 10.1.0.0). Names are not looked up here.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "rules/options.h"
#include "rules/options_value.h"

static void report_family(const struct option_word *word, enum family family, struct diagnostics *diagnostics)
{
	bool is_ipv6 = strchr(word->text, ':') != NULL;

	if (is_ipv6 == (family != FAMILY_IPV6) && (is_ipv6 || strchr(word->text, '.')))
		diag_error(diagnostics, word->where, NULL, "\"%s\" is not an %s address", word->text,
			   family == FAMILY_IPV6 ? "IPv6" : "IPv4");
	else
		diag_error(diagnostics, word->where, "names of hosts are not looked up", "\"%s\" is not an address",
			   word->text);
}

/* One to four numbers in any base, the last fills the bytes that are left: inet_aton(3). */
static bool read_loose(const char *text, struct address *address)
{
	struct in_addr in;

	if (strpbrk(text, " \t\n\v\f\r") || !inet_aton(text, &in))
		return false;
	*address = (struct address){ .word = { in.s_addr } };
	return true;
}

/* One to four numbers up to 255, missing ones are 0. */
static bool read_parts(const char *text, struct address *address)
{
	uint32_t value = 0;
	unsigned n = 0;

	for (; n < 4; n++) {
		const char *end;
		uint64_t part;

		if (!options_read_number(text, &end, &part) || part > 255 || (*end && *end != '.'))
			return false;
		value |= (uint32_t)part << (24 - 8 * n);
		if (!*end)
			break;
		text = end + 1;
	}
	*address = address_from_ipv4(value);
	return n < 4;
}

bool options_read_host(const char *text, struct address *address)
{
	return read_parts(text, address) || read_loose(text, address);
}

static bool read_ipv6(const char *text, struct address *address)
{
	enum family family;

	return address_parse(text, strlen(text), &family, address) && family == FAMILY_IPV6;
}

static bool parse_mask(const struct option_word *word, enum family family, struct address *mask,
		       struct diagnostics *diagnostics)
{
	unsigned most = family == FAMILY_IPV6 ? 128 : 32;
	enum family mask_family;
	const char *end;
	uint64_t len;

	if (options_read_number(word->text, &end, &len) && !*end && len <= most) {
		*mask = address_prefix_mask(family, (unsigned)len);
		return true;
	}
	if (address_parse(word->text, strlen(word->text), &mask_family, mask) && mask_family == family)
		return true;
	diag_error(diagnostics, word->where, NULL, "\"%s\" is neither a mask nor a length from 0 to %u", word->text, most);
	return false;
}

bool options_value_store_address(struct option_address *address, const struct argument *value, enum family family,
				 struct diagnostics *diagnostics)
{
	const char *at = value->text;
	struct option_word word;

	options_next_word(value, &at, '/', &word);
	if (family == FAMILY_IPV6 ? !read_ipv6(word.text, &address->address) : !read_loose(word.text, &address->address)) {
		report_family(&word, family, diagnostics);
		return false;
	}
	address->family = (uint8_t)family;
	address->mask = address_prefix_mask(family, family == FAMILY_IPV6 ? 128 : 32);
	if (!at)
		return true;
	options_next_word(value, &at, '\0', &word);
	return parse_mask(&word, family, &address->mask, diagnostics);
}

bool options_value_store_mask(struct address *mask, const struct argument *value, enum family family,
			      struct diagnostics *diagnostics)
{
	struct option_address address;

	if (strchr(value->text, '/')) {
		diag_error(diagnostics, value->where, NULL, "\"%s\" is not a mask", value->text);
		return false;
	}
	if (!options_value_store_address(&address, value, family, diagnostics))
		return false;
	*mask = address.address;
	return true;
}

bool options_value_store_prefix_len(uint32_t *prefix_len, const struct argument *value, enum family family,
				    struct diagnostics *diagnostics)
{
	uint32_t most = family == FAMILY_IPV6 ? 128 : 32;
	struct address mask;
	const char *end;
	uint64_t number;
	int len;

	if (options_read_number(value->text, &end, &number) && !*end && number <= most) {
		*prefix_len = (uint32_t)number;
		return true;
	}
	if (!options_value_store_mask(&mask, value, family, diagnostics))
		return false;
	len = address_mask_prefix_len(family, &mask);
	if (len < 0)
		diag_warning(diagnostics, value->where, NULL, "\"%s\" is not a mask: iptables takes it for %u", value->text, most);
	*prefix_len = len < 0 ? most : (uint32_t)len;
	return true;
}

bool options_value_store_address_range(struct address_range *range, const struct argument *value, enum family family,
				       struct diagnostics *diagnostics)
{
	struct address *ends[2] = { &range->first, &range->last };
	const char *at = value->text;
	struct option_word word;

	range->family = (uint8_t)family;
	for (unsigned i = 0; at && i < 2; i++) {
		options_next_word(value, &at, i ? '\0' : '-', &word);
		if (family == FAMILY_IPV6 ? !read_ipv6(word.text, ends[i]) : !read_parts(word.text, ends[i])) {
			report_family(&word, family, diagnostics);
			return false;
		}
		if (!i)
			range->last = range->first;
	}
	if (address_compare(&range->first, &range->last) > 0)
		diag_warning(diagnostics, value->where, "the smaller one comes first",
			     "the range %s is empty: nothing is in it", value->text);
	return true;
}

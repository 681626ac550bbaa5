/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Elements of sets as words: "10.0.0.0/8,tcp:80". ipset 7.17, lib/parse.c and lib/print.c. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "packet/packet.h"
#include "packet/protocol.h"
#include "rules/ipset/ipset_parts.h"
#include "rules/options.h"

/* The word that is being read, and what to say where. */
struct reading {
	struct set_words *words;
	const struct ipsets *sets;
	struct source_range where;	/* of the piece at hand */
	struct diagnostics *diagnostics;
	unsigned n_addresses;
};

enum { PIECE_LONGEST = 127, ELEMENTS_MOST = 1 << 24 };

static bool complain(const struct reading *reading, const char *hint, const char *what, const char *piece)
{
	diag_error(reading->diagnostics, reading->where, hint, "\"%s\" %s", piece, what);
	return false;
}

static const char *address_form(const struct set *set)
{
	return set->family == FAMILY_IPV6 ? "the set holds IPv6 addresses, like 2001:db8::1" :
					    "the set holds IPv4 addresses, like 192.0.2.1";
}

static bool parse_address(const struct reading *reading, const char *text, size_t len, const char *piece, struct address *address)
{
	enum family family;

	if (address_parse(text, len, &family, address) && family == reading->words->set->family)
		return true;
	return complain(reading, address_form(reading->words->set), "is not an address of this set", piece);
}

static bool parse_prefix_len(const struct reading *reading, const char *text, const char *piece, uint8_t *prefix_len)
{
	const struct set *set = reading->words->set;
	unsigned most = set_host_len(set), least = set->type->takes_any_net ? 0 : 1;
	const char *end;
	uint64_t number;

	if (!options_read_number(text, &end, &number) || *end || number > most || number < least)
		return complain(reading, set->type->takes_any_net ? "0 to 32 (IPv6: 128)" : "1 to 32 (IPv6: 128)",
				"has a prefix length that this set does not take", piece);
	*prefix_len = (uint8_t)number;
	return true;
}

/* Until where does the block of `prefix_len` bits at `first` reach? IPv4 alone. */
static uint32_t end_of_block(uint32_t first, unsigned prefix_len)
{
	return prefix_len ? first | (uint32_t)(UINT64_C(0xffffffff) >> prefix_len) : UINT32_MAX;
}

/* "ADDR", "ADDR/LEN", "ADDR-ADDR". A network that is no range has its own length; what is left is walked. */
static bool parse_addresses(struct reading *reading, const char *piece, bool is_net)
{
	struct set_words *words = reading->words;
	unsigned n = reading->n_addresses++;
	const char *slash = strchr(piece, '/'), *dash = strchr(piece, '-');
	size_t len = slash ? (size_t)(slash - piece) : dash ? (size_t)(dash - piece) : strlen(piece);
	struct address *first = &words->first.address[n];
	uint8_t prefix_len = (uint8_t)set_host_len(words->set);

	if (!parse_address(reading, piece, len, piece, first) ||
	    (slash && !parse_prefix_len(reading, slash + 1, piece, &prefix_len)))
		return false;
	words->first.prefix_len[n] = prefix_len;
	*first = set_mask(words->set, first, prefix_len);
	words->last[n] = *first;
	if (dash && words->set->family == FAMILY_IPV6)
		return complain(reading, NULL, "is a range: sets of IPv6 take none", piece);
	if (dash && !parse_address(reading, dash + 1, strlen(dash + 1), piece, &words->last[n]))
		return false;
	if (dash && address_compare(first, &words->last[n]) > 0)
		return complain(reading, "write the lower address first", "is an empty range", piece);
	if (is_net || prefix_len == set_host_len(words->set))
		return true;
	if (words->set->family == FAMILY_IPV6)
		return complain(reading, "only hash:net... holds networks of IPv6", "is a network", piece);
	words->last[n] = address_from_ipv4(end_of_block(address_ipv4(first), prefix_len));
	return true;
}

static bool has_ports(uint8_t protocol)
{
	return protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP || protocol == PROTOCOL_SCTP || protocol == PROTOCOL_UDPLITE;
}

static bool parse_one_port(const char *text, uint16_t *port)
{
	const char *end;
	uint64_t number;

	if (protocol_parse_service(text, port))
		return true;
	if (!options_read_number(text, &end, &number) || *end || number > UINT16_MAX)
		return false;
	*port = (uint16_t)number;
	return true;
}

/* "80", "80-82"; a dash may also be part of a name */
static bool parse_port_range(struct set_words *words, const char *text)
{
	const char *dash = strchr(text, '-');
	char first[PIECE_LONGEST + 1];

	if (parse_one_port(text, &words->first.port)) {
		words->last_port = words->first.port;
		return true;
	}
	if (!dash)
		return false;
	memcpy(first, text, (size_t)(dash - text));
	first[dash - text] = '\0';
	return parse_one_port(first, &words->first.port) && parse_one_port(dash + 1, &words->last_port) &&
	       words->first.port <= words->last_port;
}

static bool parse_icmp(const struct reading *reading, const char *text)
{
	struct set_words *words = reading->words;
	int named = set_icmp_parse(words->set->family, text);
	const char *end, *code_end;
	uint64_t type, code;

	if (named < 0) {
		if (!options_read_number(text, &end, &type) || *end != '/' || !options_read_number(end + 1, &code_end, &code) ||
		    *code_end || type > UINT8_MAX || code > UINT8_MAX)
			return false;
		named = (int)(type << 8 | code);
	}
	words->first.port = words->last_port = (uint16_t)named;
	return true;
}

/* "[PROTOCOL:]PORT[-PORT]", "icmp:NAME", "gre:0" */
static bool parse_port(const struct reading *reading, const char *piece)
{
	struct set_words *words = reading->words;
	bool is_bitmap = words->set->type->storage == STORAGE_BITMAP;
	const char *colon = strchr(piece, ':'), *port = colon ? colon + 1 : piece;
	char name[PIECE_LONGEST + 1];
	uint8_t protocol = PROTOCOL_TCP;

	if (colon) {
		memcpy(name, piece, (size_t)(colon - piece));
		name[colon - piece] = '\0';
		if (!protocol_parse(name, &protocol))
			return complain(reading, "like tcp:80, udp:53 or icmp:echo-request", "names no protocol", piece);
	}
	words->first.protocol = is_bitmap ? 0 : protocol;
	if (has_ports(protocol))
		return parse_port_range(words, port) || complain(reading, "like 80, 1024-65535 or udp:53", "is no port", piece);
	if (protocol == (words->set->family == FAMILY_IPV6 ? PROTOCOL_ICMPV6 : PROTOCOL_ICMP) && !is_bitmap)
		return parse_icmp(reading, port) ||
		       complain(reading, "like icmp:echo-request or icmp:8/0", "is no type and code", piece);
	if (strcmp(port, "0") != 0)
		return complain(reading, "write 0 for the port", "has a port, but the protocol has none", piece);
	return true;
}

static bool parse_mac(const struct reading *reading, const char *piece)
{
	struct set_element *element = &reading->words->first;
	const char *at = piece;
	char *end;
	unsigned i;

	for (i = 0; i < SET_MAC_LEN && isxdigit((unsigned char)*at); i++) {
		unsigned long number = strtoul(at, &end, 16);

		if (number > UINT8_MAX || *end != (i + 1 < SET_MAC_LEN ? ':' : '\0'))
			break;
		element->mac[i] = (uint8_t)number;
		at = end + 1;
	}
	element->has_mac = i == SET_MAC_LEN;
	return element->has_mac || complain(reading, "like 00:11:22:aa:bb:cc", "is not a MAC address", piece);
}

static bool parse_mark(const struct reading *reading, const char *piece)
{
	const char *end;
	uint64_t number;

	if (!options_read_number(piece, &end, &number) || *end || number > UINT32_MAX)
		return complain(reading, "like 0x10", "is not a mark", piece);
	reading->words->first.mark = (uint32_t)number & reading->words->set->header.markmask;
	return true;
}

static bool parse_interface(const struct reading *reading, const char *piece)
{
	struct set_element *element = &reading->words->first;
	static const char physdev[] = "physdev:";

	if (strncmp(piece, physdev, sizeof(physdev) - 1) == 0) {
		element->is_physdev = true;
		piece += sizeof(physdev) - 1;
	}
	if (!*piece || strlen(piece) > SET_INTERFACE_LONGEST)
		return complain(reading, "1 to 15 characters", "is not the name of an interface", piece);
	strcpy(element->interface, piece);
	return true;
}

static bool parse_member(const struct reading *reading, const char *piece)
{
	reading->words->first.member = ipsets_find(reading->sets, piece);
	if (reading->words->first.member == IPSET_UNKNOWN)
		return complain(reading, "create it above", "is the name of no set", piece);
	if (reading->sets->sets[reading->words->first.member].type->storage == STORAGE_LIST)
		return complain(reading, NULL, "is a list itself: lists hold no lists", piece);
	return true;
}

static bool parse_piece(struct reading *reading, enum set_dimension dimension, const char *piece)
{
	switch (dimension) {
	case DIMENSION_IP:
	case DIMENSION_NET:
		return parse_addresses(reading, piece, dimension == DIMENSION_NET);
	case DIMENSION_PORT:
		return parse_port(reading, piece);
	case DIMENSION_MAC:
		return parse_mac(reading, piece);
	case DIMENSION_MARK:
		return parse_mark(reading, piece);
	case DIMENSION_INTERFACE:
		return parse_interface(reading, piece);
	default:
		return parse_member(reading, piece);
	}
}

static bool is_net_at(const struct set *set, unsigned wanted)
{
	unsigned n = 0;

	for (const uint8_t *dimension = set->type->dimensions; *dimension; dimension++) {
		if (*dimension != DIMENSION_IP && *dimension != DIMENSION_NET)
			continue;
		if (n++ == wanted)
			return *dimension == DIMENSION_NET;
	}
	return false;
}

/* How many addresses of dimension n the word means. */
static uint64_t count_addresses(const struct set_words *words, unsigned n)
{
	if (words->set->family != FAMILY_IPV4 || is_net_at(words->set, n))
		return 1;
	return UINT64_C(1) + address_ipv4(&words->last[n]) - address_ipv4(&words->first.address[n]);
}

static bool check_number(const struct reading *reading, const char *text)
{
	const struct set_words *words = reading->words;
	uint64_t n_ports = words->last_port > words->first.port ? UINT64_C(1) + words->last_port - words->first.port : 1;

	if (count_addresses(words, 0) * n_ports <= ELEMENTS_MOST && count_addresses(words, 1) * n_ports <= ELEMENTS_MOST)
		return true;
	return complain(reading, "networks belong into hash:net sets", "means too many elements", text);
}

bool set_words_parse(struct set_words *words, const struct ipsets *sets, const struct set *set, const char *text,
		     struct source_range where, struct diagnostics *diagnostics)
{
	struct reading reading = { .words = words, .sets = sets, .where = where, .diagnostics = diagnostics };
	const char *whole = text;
	unsigned n_pieces = 0;

	memset(words, 0, sizeof(*words));
	words->set = set;
	for (const uint8_t *dimension = set->type->dimensions; *dimension; dimension++) {
		size_t len = strcspn(text, ",");
		char piece[PIECE_LONGEST + 1];

		if (n_pieces >= set->type->n_needed && !*text)
			break;
		reading.where.len = (uint32_t)len;
		if (len == 0 || len > PIECE_LONGEST) {
			diag_error(diagnostics, reading.where, set->type->name, "an element of this set has %u parts",
				   set->type->n_needed);
			return false;
		}
		memcpy(piece, text, len);
		piece[len] = '\0';
		if (!parse_piece(&reading, *dimension, piece))
			return false;
		n_pieces++;
		reading.where.offset += (uint32_t)len + (text[len] == ',');
		text += len + (text[len] == ',');
	}
	if (*text) {
		reading.where.len = (uint32_t)strlen(text);
		return complain(&reading, set->type->name, "is more than an element of this set has", text);
	}
	reading.where = where;
	return check_number(&reading, whole);
}

/* The longest prefix that begins at `first` and does not reach beyond `last` (Linux 6.18, ip_set_range_to_cidr()). */
static uint8_t widest_prefix(uint32_t first, uint32_t last)
{
	uint8_t prefix_len = 1;

	while (prefix_len < 32 && ((first & (uint32_t)(UINT64_C(0xffffffff) >> prefix_len)) || end_of_block(first, prefix_len) > last))
		prefix_len++;
	return prefix_len;
}

/* The first element at or behind `address` in dimension n. */
static void settle(struct set_words *words, unsigned n, const struct address *address)
{
	bool is_range = !address_is_equal(&words->first.address[n], &words->last[n]);

	words->at.address[n] = *address;
	if (is_range && is_net_at(words->set, n))
		words->at.prefix_len[n] = widest_prefix(address_ipv4(address), address_ipv4(&words->last[n]));
}

/* How many addresses one element of dimension n stands for. */
static uint64_t width(const struct set_words *words, unsigned n)
{
	unsigned netmask = words->set->header.netmask;

	if (is_net_at(words->set, n))
		return UINT64_C(1) << (32 - words->at.prefix_len[n]);
	return n == 0 && netmask ? UINT64_C(1) << (32 - netmask) : 1;
}

/* Moves dimension n on; false when it began anew. */
static bool advance_address(struct set_words *words, unsigned n)
{
	uint64_t next;
	struct address address;

	if (words->set->family != FAMILY_IPV4 || address_is_equal(&words->first.address[n], &words->last[n]))
		return false;
	next = address_ipv4(&words->at.address[n]) + width(words, n);
	if (next > address_ipv4(&words->last[n])) {
		settle(words, n, &words->first.address[n]);
		return false;
	}
	address = address_from_ipv4((uint32_t)next);
	settle(words, n, &address);
	return true;
}

static bool advance(struct set_words *words)
{
	if (words->at.port < words->last_port) {
		words->at.port++;
		return true;
	}
	words->at.port = words->first.port;
	return advance_address(words, 1) || advance_address(words, 0);
}

/* What the set keeps of an address: netmask and bitmask. */
static void shorten(const struct set *set, struct set_element *element)
{
	if (set->header.netmask)
		element->address[0] = set_mask(set, &element->address[0], set->header.netmask);
	for (unsigned i = 0; set->header.has_bitmask && i < 4; i++)
		element->address[0].word[i] &= set->header.bitmask.word[i];
}

bool set_words_next(struct set_words *words, struct set_element *element)
{
	if (!words->is_started) {
		words->is_started = true;
		words->at = words->first;
		settle(words, 0, &words->first.address[0]);
		settle(words, 1, &words->first.address[1]);
	} else if (!advance(words)) {
		return false;
	}
	*element = words->at;
	shorten(words->set, element);
	return true;
}

static void print_port(const struct set *set, const struct set_element *element, struct text *out)
{
	const char *protocol = protocol_name(element->protocol), *name;

	if (set->type->storage == STORAGE_BITMAP) {
		text_append_u64(out, element->port);
		return;
	}
	if (protocol)
		text_printf(out, "%s:", protocol);
	else
		text_printf(out, "%u:", element->protocol);
	if (element->protocol != PROTOCOL_ICMP && element->protocol != PROTOCOL_ICMPV6) {
		text_append_u64(out, element->port);
		return;
	}
	name = set_icmp_name(element->protocol == PROTOCOL_ICMP ? FAMILY_IPV4 : FAMILY_IPV6, element->port);
	if (name)
		text_append(out, name);
	else
		text_printf(out, "%u/%u", element->port >> 8, element->port & UINT8_MAX);
}

static void print_network(const struct set *set, const struct set_element *element, unsigned n, struct text *out)
{
	address_print(set->family, &element->address[n], out);
	if (element->prefix_len[n] != set_host_len(set))
		text_printf(out, "/%u", element->prefix_len[n]);
}

void set_element_print(const struct ipsets *sets, const struct set *set, const struct set_element *element, struct text *out)
{
	unsigned n_addresses = 0;

	for (const uint8_t *dimension = set->type->dimensions; *dimension; dimension++) {
		if (*dimension == DIMENSION_MAC && !element->has_mac)
			break;
		if (dimension != set->type->dimensions)
			text_append_char(out, ',');
		switch (*dimension) {
		case DIMENSION_IP:
		case DIMENSION_NET:
			print_network(set, element, n_addresses++, out);
			break;
		case DIMENSION_PORT:
			print_port(set, element, out);
			break;
		case DIMENSION_MAC:
			for (unsigned i = 0; i < SET_MAC_LEN; i++)
				text_printf(out, "%s%02X", i ? ":" : "", element->mac[i]);
			break;
		case DIMENSION_MARK:
			text_printf(out, "0x%08x", element->mark);
			break;
		case DIMENSION_INTERFACE:
			text_printf(out, "%s%s", element->is_physdev ? "physdev:" : "", element->interface);
			break;
		default:
			text_append(out, sets->sets[element->member].name);
			break;
		}
	}
}

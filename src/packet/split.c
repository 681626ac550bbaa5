/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/split.h"

#include <string.h>

#include "base/cursor.h"
#include "packet/checksum.h"
#include "packet/protocol.h"

enum {
	IPV4_TOTAL_LEN = 2, IPV4_FRAGMENT = 6, IPV4_CHECKSUM = 10, IPV4_HEADER_LEN = 20,
	IPV4_DONT_FRAGMENT = 0x4000, IPV4_MORE_FRAGMENTS = 0x2000,
	IPV6_PAYLOAD_LEN = 4, IPV6_NEXT_HEADER = 6, IPV6_HEADER_LEN = 40, IPV6_FRAGMENT_LEN = 8, IPV6_LEAST_MTU = 1280,
	NEXT_HOP_BY_HOP = 0, NEXT_ROUTING = 43, NEXT_FRAGMENT = 44, NEXT_DESTINATION = 60,
	OPTION_END = 0, OPTION_NOTHING = 1, OPTION_IS_COPIED = 0x80,
	OPTION_HOME_ADDRESS = 201,
};

static void put_u16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* Does a destination options header hold the home address of Mobile IPv6? Then it counts to what each piece has. */
static bool has_home_address(struct cursor options, uint32_t len)
{
	options.len = smaller((uint32_t)options.len, (uint32_t)options.offset + len);
	while (cursor_left(&options)) {
		uint8_t type = cursor_u8(&options);

		if (type == OPTION_HOME_ADDRESS)
			return true;
		if (type != OPTION_END)
			cursor_skip(&options, cursor_u8(&options));
		if (options.failed)
			return false;
	}
	return false;
}

/* ip6_find_1stfragopt(): the headers that every node on the way reads. */
static void find_ipv6_header(struct splitting *splitting)
{
	const struct packet *packet = splitting->packet;
	struct cursor cursor = cursor_at(packet->bytes, packet->len, IPV6_HEADER_LEN);
	uint8_t next = packet->len > IPV6_NEXT_HEADER ? packet->bytes[IPV6_NEXT_HEADER] : 0;
	bool has_routing = false;

	splitting->next_header_at = IPV6_NEXT_HEADER;
	splitting->header_len = IPV6_HEADER_LEN;
	while (next == NEXT_HOP_BY_HOP || next == NEXT_ROUTING || next == NEXT_DESTINATION) {
		uint32_t at = (uint32_t)cursor.offset, rest;
		uint8_t following = cursor_u8(&cursor);

		rest = (cursor_u8(&cursor) + 1u) * 8 - 2;
		has_routing |= next == NEXT_ROUTING;
		if (next == NEXT_DESTINATION && has_routing && !has_home_address(cursor, rest))
			return;
		cursor_skip(&cursor, rest);
		if (cursor.failed)
			return;
		splitting->next_header_at = at;
		splitting->header_len = (uint32_t)cursor.offset;
		next = following;
	}
}

static uint32_t data_len(const struct splitting *splitting)
{
	return splitting->packet->total_len - splitting->header_len;
}

/* The first piece may have given headers to what each piece has now. */
static uint32_t first_len(const struct splitting *splitting)
{
	uint32_t others = 0;

	for (size_t i = 1; i < splitting->split->n_lens; i++)
		others += splitting->split->lens[i];
	return data_len(splitting) - others;
}

/* The borders of the pieces that came are those of the pieces that leave, where each of them still fits. */
static bool may_keep_lens(const struct splitting *splitting)
{
	const struct split *split = splitting->split;
	uint32_t others = 0, first;

	for (size_t i = 1; i < split->n_lens; i++) {
		if (split->lens[i] > splitting->most || (split->lens[i] % 8 && i + 1 < split->n_lens))
			return false;
		others += split->lens[i];
	}
	if (split->n_lens < 2 || split->is_rewritten || others >= data_len(splitting))
		return false;
	first = first_len(splitting);
	return first <= splitting->most && first % 8 == 0;
}

static void begin_ipv4(struct splitting *splitting)
{
	const struct packet *packet = splitting->packet;
	const struct split *split = splitting->split;
	uint32_t longest = split->mtu;

	splitting->header_len = packet->len ? (packet->bytes[0] & 15u) * 4 : IPV4_HEADER_LEN;
	splitting->is_whole = split->n_lens < 2 && (!split->mtu || packet->total_len <= split->mtu);
	if (split->n_lens > 1 && (!longest || split->longest < longest))
		longest = split->longest;
	splitting->is_whole |= longest < splitting->header_len + 8 || packet->total_len <= splitting->header_len;
	splitting->most = longest - splitting->header_len;
}

static void begin_ipv6(struct splitting *splitting)
{
	const struct packet *packet = splitting->packet;
	const struct split *split = splitting->split;
	uint32_t longest = split->longest > IPV6_LEAST_MTU ? split->longest : IPV6_LEAST_MTU;

	find_ipv6_header(splitting);
	/* A router splits nothing that came whole; the host's own came as it was split. */
	splitting->is_whole = split->n_lens < 2 || packet->total_len <= split->longest ||
			      packet->total_len <= splitting->header_len ||
			      longest < splitting->header_len + IPV6_FRAGMENT_LEN + 8;
	splitting->most = longest - splitting->header_len - IPV6_FRAGMENT_LEN;
}

void splitting_begin(struct splitting *splitting, const struct packet *packet, const struct split *split)
{
	*splitting = (struct splitting){ .packet = packet, .split = split };
	if (packet->family == FAMILY_IPV4)
		begin_ipv4(splitting);
	else
		begin_ipv6(splitting);
	splitting->keeps_lens = !splitting->is_whole && may_keep_lens(splitting);
}

/* Later pieces keep the options that say so; the bytes of others do nothing. */
static void blank_options(uint8_t *options, uint32_t len)
{
	uint32_t at = 0;

	while (at < len && options[at] != OPTION_END) {
		uint32_t option_len = options[at] == OPTION_NOTHING || at + 1 == len ? 1 : options[at + 1];

		if (option_len < 1 || option_len > len - at)
			return;
		if (!(options[at] & OPTION_IS_COPIED))
			memset(options + at, OPTION_NOTHING, option_len);
		at += option_len;
	}
}

static void put_ipv4(const struct splitting *splitting, uint8_t *bytes, uint32_t len, bool has_more)
{
	/* ip_fraglist_init() forgets "don't fragment", which ip_frag_next() remembers. */
	bool dont_fragment = splitting->packet->dont_fragment && !splitting->keeps_lens;

	put_u16(bytes + IPV4_TOTAL_LEN, splitting->header_len + len);
	put_u16(bytes + IPV4_FRAGMENT, (dont_fragment ? IPV4_DONT_FRAGMENT : 0u) | (has_more ? IPV4_MORE_FRAGMENTS : 0u) |
				       splitting->offset / 8);
	if (splitting->offset)
		blank_options(bytes + IPV4_HEADER_LEN, splitting->header_len - IPV4_HEADER_LEN);
	put_u16(bytes + IPV4_CHECKSUM, 0);
	put_u16(bytes + IPV4_CHECKSUM, checksum_finish(checksum_add(0, bytes, splitting->header_len)));
}

static void put_ipv6(const struct splitting *splitting, uint8_t *bytes, uint32_t len, bool has_more)
{
	uint8_t *fragment = bytes + splitting->header_len;
	uint32_t identification = splitting->split->identification;

	fragment[0] = bytes[splitting->next_header_at];
	fragment[1] = 0;
	bytes[splitting->next_header_at] = NEXT_FRAGMENT;
	put_u16(fragment + 2, splitting->offset | (has_more ? 1u : 0u));
	put_u16(fragment + 4, identification >> 16);
	put_u16(fragment + 6, identification);
	put_u16(bytes + IPV6_PAYLOAD_LEN, splitting->header_len - IPV6_HEADER_LEN + IPV6_FRAGMENT_LEN + len);
}

static uint32_t next_len(const struct splitting *splitting)
{
	uint32_t left = data_len(splitting) - splitting->offset, len = smaller(left, splitting->most);

	if (splitting->keeps_lens)
		return splitting->n_made ? splitting->split->lens[splitting->n_made] : first_len(splitting);
	return len < left ? len - len % 8 : len;
}

/* As many bytes of the data at `offset` as were captured. */
static uint32_t copy_data(const struct packet *packet, uint32_t offset, uint32_t len, uint8_t *bytes)
{
	uint32_t there = packet->len > offset ? smaller(packet->len - offset, len) : 0;

	if (there)
		memcpy(bytes, packet->bytes + offset, there);
	return there;
}

uint32_t splitting_next(struct splitting *splitting, uint8_t *bytes, uint32_t *total_len)
{
	const struct packet *packet = splitting->packet;
	uint32_t fragment_len = packet->family == FAMILY_IPV6 ? IPV6_FRAGMENT_LEN : 0, len;

	if (splitting->is_whole || packet->len < splitting->header_len) {
		*total_len = packet->total_len;
		return splitting->n_made++ ? 0 : copy_data(packet, 0, packet->len, bytes);
	}
	if (splitting->offset >= data_len(splitting))
		return 0;
	len = next_len(splitting);
	memcpy(bytes, packet->bytes, splitting->header_len);
	if (packet->family == FAMILY_IPV4)
		put_ipv4(splitting, bytes, len, splitting->offset + len < data_len(splitting));
	else
		put_ipv6(splitting, bytes, len, splitting->offset + len < data_len(splitting));
	bytes += splitting->header_len + fragment_len;
	*total_len = splitting->header_len + fragment_len + len;
	splitting->offset += len;
	splitting->n_made++;
	return splitting->header_len + fragment_len +
	       copy_data(packet, splitting->header_len + splitting->offset - len, len, bytes);
}

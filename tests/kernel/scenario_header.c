/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Headers that are odd or wrong, of IP and of what it carries. */
#include <string.h>

#include "scenario.h"

/* Options behind the IPv4 header, padded with their end; none that the host would fill in (docs/fidelity.md). */
static void add_ipv4_options(struct scenario *scenario, struct ip_packet *packet)
{
	static const struct { uint8_t len, bytes[12]; } options[] = {
		{ 4, { 1, 1, 1, 0 } },					/* no operation */
		{ 4, { 0x94, 4, 0, 0 } },				/* router alert */
		{ 4, { 0x82, 4, 0, 0 } },				/* security */
		{ 8, { 0x83, 7, 4, 10, 0, 0, 9, 0 } },			/* a route of its own choice */
		{ 8, { 7, 7, 3, 0, 0, 0, 0, 0 } },			/* record route, from where it cannot be */
		{ 4, { 0x94, 40, 0, 0 } },				/* longer than the header */
		{ 4, { 7, 1, 0, 0 } },					/* too short */
	};
	uint32_t which = pick(scenario, sizeof(options) / sizeof(options[0]));
	size_t len = options[which].len;

	if (packet->len + len > sizeof(packet->bytes))
		return;
	memmove(packet->bytes + 20 + len, packet->bytes + 20, packet->len - 20);
	memcpy(packet->bytes + 20, options[which].bytes, len);
	packet->len += len;
	packet->bytes[0] = (uint8_t)(0x45 + len / 4);
	put16(packet->bytes + 2, (unsigned)packet->len);
}

static void bend_ipv4(struct scenario *scenario, struct ip_packet *packet)
{
	uint8_t *header = packet->bytes;
	bool is_checksum_right = true;

	switch (pick(scenario, 9)) {
	case 0:
		header[10] ^= 0x11;
		is_checksum_right = false;
		break;
	case 1:
		header[0] = (uint8_t)(0x40 | pick(scenario, 5));		/* a header that is too short */
		is_checksum_right = false;
		break;
	case 2:
		put16(header + 2, (unsigned)packet->len + 1 + pick(scenario, 40));	/* longer than what came */
		break;
	case 3:
		put16(header + 2, 1 + pick(scenario, (uint32_t)packet->len));	/* shorter */
		break;
	case 4:
		header[8] = (uint8_t)pick(scenario, 3);
		break;
	case 5:
		header[1] = (uint8_t)pick(scenario, 256);
		break;
	case 6:
		put16(header + 6, 0x8000 | read16(header + 6));			/* the reserved bit */
		break;
	default:
		add_ipv4_options(scenario, packet);
	}
	if (is_checksum_right && packet->len >= (header[0] & 15u) * 4u)
		fill_ip_checksum(header);
}

/* An extension header in front of what IPv6 carries. */
static void add_extension(struct scenario *scenario, struct ip_packet *packet)
{
	static const struct { uint8_t kind, bytes[8]; } headers[] = {
		{ 0, { 0, 0, 1, 4, 0, 0, 0, 0 } },	/* hop by hop: padding */
		{ 60, { 0, 0, 1, 4, 0, 0, 0, 0 } },	/* destination: padding */
		{ 43, { 0, 0, 4, 0, 0, 0, 0, 0 } },	/* routing, nothing left */
		{ 60, { 0, 9, 1, 4, 0, 0, 0, 0 } },	/* longer than what came, or nearly */
	};
	uint32_t which = pick(scenario, sizeof(headers) / sizeof(headers[0]));

	if (packet->len + 8 > sizeof(packet->bytes))
		return;
	memmove(packet->bytes + 48, packet->bytes + 40, packet->len - 40);
	memcpy(packet->bytes + 40, headers[which].bytes, 8);
	packet->bytes[40] = packet->bytes[6];
	packet->bytes[6] = headers[which].kind;
	packet->len += 8;
	put16(packet->bytes + 4, (unsigned)packet->len - 40);
}

static void bend_ipv6(struct scenario *scenario, struct ip_packet *packet)
{
	uint8_t *header = packet->bytes;

	switch (pick(scenario, 7)) {
	case 0:
		put16(header + 4, (unsigned)packet->len - 40 + 1 + pick(scenario, 40));	/* longer than what came */
		break;
	case 1:
		put16(header + 4, pick(scenario, (uint32_t)packet->len - 39));		/* shorter */
		break;
	case 2:
		header[7] = (uint8_t)pick(scenario, 3);
		break;
	case 3:
		header[1] ^= (uint8_t)pick(scenario, 256);				/* class and flow label */
		break;
	default:
		add_extension(scenario, packet);
	}
}

/* One bit of what IP carries, without or with a checksum that fits. */
static void bend_payload(struct scenario *scenario, struct ip_packet *packet)
{
	size_t header_len = ip_header_len(packet), len = packet->len - header_len;
	uint8_t protocol = packet->bytes[0] >> 4 == 4 ? packet->bytes[9] : packet->bytes[6];

	if (!len)
		return;
	packet->bytes[header_len + pick(scenario, (uint32_t)(len < 24 ? len : 24))] ^= (uint8_t)(1 << pick(scenario, 8));
	if (chance(scenario, 60))
		fill_checksum(packet, protocol);
}

void bend_header(struct scenario *scenario, struct ip_packet *packet)
{
	if (chance(scenario, 40))
		bend_payload(scenario, packet);
	else if (packet->bytes[0] >> 4 == 4)
		bend_ipv4(scenario, packet);
	else
		bend_ipv6(scenario, packet);
}

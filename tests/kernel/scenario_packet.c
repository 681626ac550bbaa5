/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <arpa/inet.h>
#include <string.h>

#include "scenario.h"

void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value & 0xffff);
}

unsigned read16(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

struct node make_node(int family, const char *address, unsigned mac)
{
	struct node node = { .family = family, .mac = { 2, 0xaa, 0, 0, (uint8_t)(mac >> 8), (uint8_t)mac } };

	inet_pton(family == 4 ? AF_INET : AF_INET6, address, node.address);
	return node;
}

static uint32_t add_words(uint32_t sum, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i + 1 < len; i += 2)
		sum += read16(bytes + i);
	if (len & 1)
		sum += (uint32_t)bytes[len - 1] << 8;
	return sum;
}

static unsigned fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

size_t ip_header_len(const struct ip_packet *packet)
{
	return packet->bytes[0] >> 4 == 4 ? (packet->bytes[0] & 15u) * 4u : 40;
}

/* Where the checksum stands in a transport header; 0: it has none that is filled here. */
static size_t checksum_offset(uint8_t protocol)
{
	switch (protocol) {
	case 1:
	case 58:
		return 2;
	case 6:
		return 16;
	case 17:
	case 136:
		return 6;
	default:
		return 0;
	}
}

void fill_checksum(struct ip_packet *packet, uint8_t protocol)
{
	size_t header_len = ip_header_len(packet), len = packet->len - header_len, offset = checksum_offset(protocol);
	bool is_ipv4 = packet->bytes[0] >> 4 == 4;
	uint8_t *at = packet->bytes + header_len + offset;
	uint32_t sum = 0;

	if (!offset || len < offset + 2)
		return;
	put16(at, 0);
	if (protocol != 1)
		sum = add_words(0, packet->bytes + (is_ipv4 ? 12 : 8), is_ipv4 ? 8 : 32) + protocol + (uint32_t)len;
	sum = add_words(sum, packet->bytes + header_len, len);
	put16(at, fold(sum) ? fold(sum) : protocol == 17 || protocol == 136 ? 0xffff : 0);
}

void spoil_checksum(struct ip_packet *packet, uint8_t protocol)
{
	size_t offset = checksum_offset(protocol), header_len = ip_header_len(packet);

	if (offset && packet->len - header_len >= offset + 2)
		packet->bytes[header_len + offset + 1] ^= 0x5a;
}

void fill_ip_checksum(uint8_t *header)
{
	put16(header + 10, 0);
	put16(header + 10, fold(add_words(0, header, (header[0] & 15u) * 4)));
}

static unsigned identification;

void renumber_packets(void)
{
	identification = 0x1234;
}

static void fill_ipv4(struct ip_packet *packet, const struct node *source, const struct node *destination,
		      struct ip_fields fields)
{
	uint8_t *header = packet->bytes;

	header[0] = 0x45;
	header[1] = fields.tos;
	put16(header + 2, (unsigned)packet->len);
	put16(header + 4, identification++ & 0xffff);
	put16(header + 6, 0x4000);
	header[8] = fields.ttl;
	header[9] = fields.protocol;
	memcpy(header + 12, source->address, 4);
	memcpy(header + 16, destination->address, 4);
	fill_ip_checksum(header);
}

static void fill_ipv6(struct ip_packet *packet, const struct node *source, const struct node *destination,
		      struct ip_fields fields)
{
	uint8_t *header = packet->bytes;

	header[0] = (uint8_t)(0x60 | fields.tos >> 4);
	header[1] = (uint8_t)(fields.tos << 4);
	put16(header + 4, (unsigned)packet->len - 40);
	header[6] = fields.protocol;
	header[7] = fields.ttl;
	memcpy(header + 8, source->address, 16);
	memcpy(header + 24, destination->address, 16);
}

void make_packet(struct ip_packet *packet, const struct node *source, const struct node *destination,
		 struct ip_fields fields, const uint8_t *payload, size_t payload_len)
{
	size_t header_len = source->family == 4 ? 20 : 40;

	memset(packet->bytes, 0, header_len);
	packet->len = header_len + payload_len;
	memcpy(packet->bytes + header_len, payload, payload_len);
	if (source->family == 4)
		fill_ipv4(packet, source, destination, fields);
	else
		fill_ipv6(packet, source, destination, fields);
	fill_checksum(packet, fields.protocol);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a packet's description to its bytes. */
#include "capture/script_parts.h"

#include <inttypes.h>
#include <pcap/dlt.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "packet/checksum.h"
#include "packet/decode.h"

enum {
	ETHERNET_HEADER_LEN = 14, VLAN_TAG_LEN = 4, IPV4_HEADER_LEN = 20, IPV6_HEADER_LEN = 40, FRAGMENT_HEADER_LEN = 8,
	UDP_HEADER_LEN = 8, TCP_HEADER_LEN = 20, ICMP_HEADER_LEN = 8, SCTP_HEADER_LEN = 12,
	IPV4_LONGEST_ERROR = 576, IPV6_LONGEST_ERROR = 1280, NEXT_FRAGMENT = 44,
};

enum {
	SCRIPT_BUILT_PART = 8,			/* of a datagram that is built for a piece of it: that costs time alone */
	SCRIPT_PACKET_BYTES = 2 * sizeof(struct script_packet),		/* what a frame takes beside itself, while their array grows */
};

static void put_u16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put_u32(uint8_t *at, uint32_t value)
{
	put_u16(at, value >> 16);
	put_u16(at + 2, value);
}

static uint32_t l4_header_len(const struct script_spec *spec)
{
	if (spec->is_plain)
		return 0;
	switch (spec->protocol) {
	case PROTOCOL_UDP:
		return UDP_HEADER_LEN;
	case PROTOCOL_TCP:
		return TCP_HEADER_LEN + spec->options_len;
	case PROTOCOL_ICMP:
	case PROTOCOL_ICMPV6:
		return ICMP_HEADER_LEN;
	case PROTOCOL_SCTP:
		return SCTP_HEADER_LEN;
	default:
		return 0;
	}
}

static uint32_t ip_header_len(const struct script_spec *spec)
{
	return spec->family == FAMILY_IPV6 ? IPV6_HEADER_LEN : IPV4_HEADER_LEN;
}

static void put_tcp(const struct script_spec *spec, uint8_t *at)
{
	put_u16(at, spec->source_port);
	put_u16(at + 2, spec->destination_port);
	put_u32(at + 4, spec->sequence);
	put_u32(at + 8, spec->acknowledgment);
	at[12] = (uint8_t)((TCP_HEADER_LEN + spec->options_len) / 4 << 4);
	at[13] = (uint8_t)spec->tcp_flags;
	put_u16(at + 14, spec->window);
	put_u16(at + 18, spec->urgent);
	memcpy(at + TCP_HEADER_LEN, spec->options, spec->options_len);
}

static void put_icmp(const struct script_spec *spec, uint8_t *at)
{
	at[0] = (uint8_t)spec->icmp_type;
	at[1] = (uint8_t)spec->icmp_code;
	put_u16(at + 4, spec->icmp_id);
	put_u16(at + 6, spec->icmp_sequence);
	/* IPv4 has 16 bits for the next hop's MTU (RFC 1191), IPv6 all 32. */
	if (spec->mtu && spec->family == FAMILY_IPV4)
		put_u16(at + 6, spec->mtu);
	else if (spec->mtu)
		put_u32(at + 4, spec->mtu);
	if (spec->has_gateway)
		address_to_bytes(FAMILY_IPV4, &spec->gateway, at + 4);
}

/* Header and payload of layer 4, its checksum still 0. */
static void put_l4(const struct script_spec *spec, uint8_t *at)
{
	uint32_t header_len = l4_header_len(spec);

	switch (header_len ? spec->protocol : PROTOCOL_NO_NEXT) {
	case PROTOCOL_TCP:
		put_tcp(spec, at);
		break;
	case PROTOCOL_ICMP:
	case PROTOCOL_ICMPV6:
		put_icmp(spec, at);
		break;
	case PROTOCOL_UDP:
		put_u16(at, spec->source_port);
		put_u16(at + 2, spec->destination_port);
		put_u16(at + 4, header_len + spec->payload_len);
		break;
	case PROTOCOL_SCTP:
		put_u16(at, spec->source_port);
		put_u16(at + 2, spec->destination_port);
		put_u32(at + 4, spec->sctp_tag);
		break;
	default:
		break;
	}
	if (spec->payload_len)
		memcpy(at + header_len, spec->payload, spec->payload_len);
}

/* The IP header in front of `l4_len` bytes; in IPv6 the fragment header counts among them. */
static void put_ip(const struct script_spec *spec, uint32_t l4_len, uint8_t protocol, uint8_t *at)
{
	uint32_t fragment = spec->fragment_offset / 8;

	if (spec->family == FAMILY_IPV6) {
		put_u32(at, 6u << 28 | spec->tos << 20);
		put_u16(at + 4, l4_len);
		at[6] = protocol;
		at[7] = (uint8_t)spec->ttl;
		address_to_bytes(FAMILY_IPV6, &spec->source, at + 8);
		address_to_bytes(FAMILY_IPV6, &spec->destination, at + 24);
		return;
	}
	at[0] = 0x45;
	at[1] = (uint8_t)spec->tos;
	put_u16(at + 2, IPV4_HEADER_LEN + l4_len);
	put_u16(at + 4, spec->ip_id == SCRIPT_UNSET ? 0 : spec->ip_id);
	put_u16(at + 6, fragment | (spec->dont_fragment ? 0x4000 : 0) | (spec->more_fragments ? 0x2000 : 0));
	at[8] = (uint8_t)spec->ttl;
	at[9] = protocol;
	put_u16(at + 10, 0);
	address_to_bytes(FAMILY_IPV4, &spec->source, at + 12);
	address_to_bytes(FAMILY_IPV4, &spec->destination, at + 16);
	put_u16(at + 10, checksum_finish(checksum_add(0, at, IPV4_HEADER_LEN)) + spec->bad_ip_checksum);
}

/* The layer 4 checksum of the whole datagram at `ip`. */
static void fill_checksum(const struct script_spec *spec, uint32_t l4_len, uint8_t *ip)
{
	int field = checksum_field_offset(spec->protocol);
	uint8_t *l4 = ip + ip_header_len(spec);
	struct script_spec whole = *spec;
	struct packet packet;

	if (l4_header_len(spec) == 0 || field < 0 || spec->no_checksum)
		return;
	if (spec->protocol == PROTOCOL_SCTP) {
		put_u32(l4 + field, checksum_crc32c(l4, l4_len, (size_t)field) ^ spec->bad_checksum);
		return;
	}
	whole.fragment_offset = 0;
	whole.more_fragments = whole.bad_ip_checksum = false;
	put_ip(&whole, l4_len, spec->protocol, ip);
	packet_init(&packet);
	decode_ip(&packet, ip, ip_header_len(spec) + l4_len, ip_header_len(spec) + l4_len);
	/* A wrong one is off by one, and not 0: that would be no checksum. */
	put_u16(l4 + field, checksum_compute_l4(&packet) ^ (spec->bad_checksum ? 0x0101u : 0));
	packet_clear(&packet);
}

/* Made up from the address, so that a host has the same in every packet: the second half of the address. */
static void put_mac(const struct script_host *host, enum family family, const struct address *address, uint8_t *mac)
{
	uint8_t bytes[16];

	address_to_bytes(family, address, bytes);
	if (host && host->has_mac) {
		memcpy(mac, host->mac, 6);
	} else if (address_is_multicast(family, address)) {
		/* RFC 1112, 6.4; RFC 2464, 7. */
		const uint8_t ipv4[] = { 0x01, 0x00, 0x5e, bytes[1] & 0x7f, bytes[2], bytes[3] };
		const uint8_t ipv6[] = { 0x33, 0x33, bytes[12], bytes[13], bytes[14], bytes[15] };

		memcpy(mac, family == FAMILY_IPV6 ? ipv6 : ipv4, 6);
	} else if (family == FAMILY_IPV4 && address_ipv4(address) == UINT32_MAX) {
		memset(mac, 0xff, 6);
	} else {
		mac[0] = 0x02;
		mac[1] = family == FAMILY_IPV6 ? 0x06 : 0;
		memcpy(mac + 2, family == FAMILY_IPV6 ? bytes + 12 : bytes, 4);
	}
}

static void put_ethernet(const struct script_spec *spec, uint8_t *at)
{
	put_mac(spec->destination_host, spec->family, &spec->destination, at);
	if (spec->broadcast)
		memset(at, 0xff, 6);
	put_mac(spec->source_host, spec->family, &spec->source, at + 6);
	if (spec->vlan != SCRIPT_UNSET) {
		put_u16(at + 12, 0x8100);
		put_u16(at + 14, spec->vlan);
		at += VLAN_TAG_LEN;
	}
	put_u16(at + 12, spec->family == FAMILY_IPV6 ? 0x86dd : 0x0800);
}

static uint32_t link_header_len(const struct script *script, const struct script_spec *spec)
{
	if (script->link_type != DLT_EN10MB)
		return 0;
	return ETHERNET_HEADER_LEN + (spec->vlan != SCRIPT_UNSET ? VLAN_TAG_LEN : 0);
}

/* The packet that an error is about becomes its payload: as much as a router would quote, as it was sent. */
static void take_quote(const struct script *script, struct script_spec *spec)
{
	const struct script_packet *about = &script->packets[spec->about - 1];
	uint32_t headers_len = ip_header_len(spec) + ICMP_HEADER_LEN;
	uint32_t most = (spec->family == FAMILY_IPV6 ? IPV6_LONGEST_ERROR : IPV4_LONGEST_ERROR) - headers_len;

	/* Frames are kept whole in the arena; only their captured length is cut. */
	spec->payload = about->frame + about->ip_offset;
	spec->payload_len = about->original_len - about->ip_offset;
	if (spec->quote != SCRIPT_UNSET)
		most = spec->quote;
	if (spec->payload_len > most)
		spec->payload_len = most;
}

/* A line of a few bytes can describe many frames, or ask for a long one again. */
static bool has_room(struct script_line *line, uint32_t len)
{
	struct script *script = line->script;
	uint64_t n_free = (uint64_t)line->source->len * LIMITS_SCRIPT_FREE;

	script->n_bytes += len;
	if (script->n_bytes <= n_free || script->n_bytes - n_free <= script->most_bytes)
		return true;
	diag_error(line->diagnostics, (struct source_range){ .source = line->source, .offset = line->at },
		   "--limit script-bytes=N allows more",
		   "the frames of this script take more than %" PRIu64 " bytes beyond %d for each of its own", script->most_bytes,
		   LIMITS_SCRIPT_FREE);
	script->is_full = true;
	return false;
}

static void add_packet(struct script_line *line, struct script_packet packet)
{
	struct script *script = line->script;

	if (!has_room(line, packet.original_len + SCRIPT_PACKET_BYTES))
		return;
	if (script->n_packets == script->capacity) {
		script->capacity = alloc_grown_capacity(script->capacity, script->n_packets + 1);
		script->packets = alloc_resize(script->packets, script->capacity, sizeof(*script->packets));
	}
	script->packets[script->n_packets++] = packet;
}

void script_repeat(struct script_line *line, size_t index, int64_t time_ns)
{
	struct script_packet packet = line->script->packets[index];

	packet.time_ns = time_ns;
	add_packet(line, packet);
}

/* Layer 4 of the whole datagram, behind room for its IP header; the caller frees it. NULL after an error. */
static uint8_t *build_datagram(struct script_line *line, const struct script_spec *spec, uint32_t *l4_len)
{
	struct script_spec filled = *spec;
	uint32_t ip_len = ip_header_len(spec);
	uint8_t *datagram;

	if (spec->about)
		take_quote(line->script, &filled);
	*l4_len = l4_header_len(spec) + filled.payload_len;
	if (ip_len + *l4_len > SCRIPT_LONGEST) {
		diag_error(line->diagnostics, (struct source_range){ .source = line->source, .offset = line->at }, NULL,
			   "the packet would be longer than 65535 bytes");
		return NULL;
	}
	datagram = alloc_zeroed(1, ip_len + *l4_len);
	put_l4(&filled, datagram + ip_len);
	fill_checksum(&filled, *l4_len, datagram);
	return datagram;
}

/* The frame that carries the datagram, or the piece of it that `spec` speaks of; IPv6 puts a header in front of a piece. */
static void add_frame(struct script_line *line, const struct script_spec *spec, const uint8_t *datagram, uint32_t l4_len, int64_t time_ns)
{
	struct script *script = line->script;
	uint32_t link_len = link_header_len(script, spec), ip_len = ip_header_len(spec);
	uint32_t offset = 0, size = l4_len, header_len = 0, frame_len;
	uint8_t *frame, *l4;

	if (spec->is_fragment) {
		offset = spec->fragment_offset < l4_len ? spec->fragment_offset : l4_len;
		size = l4_len - offset < spec->fragment_size ? l4_len - offset : spec->fragment_size;
		header_len = spec->family == FAMILY_IPV6 ? FRAGMENT_HEADER_LEN : 0;
	}
	frame_len = link_len + ip_len + header_len + size;
	frame = arena_alloc(&script->arena, frame_len);
	l4 = frame + link_len + ip_len;
	memcpy(l4 + header_len, datagram + ip_len + offset, size);
	if (header_len) {
		l4[0] = spec->protocol;
		l4[1] = 0;
		put_u16(l4 + 2, spec->fragment_offset | spec->more_fragments);
		put_u32(l4 + 4, spec->ip_id == SCRIPT_UNSET ? 0 : spec->ip_id);
	}
	put_ip(spec, header_len + size, header_len ? NEXT_FRAGMENT : spec->protocol, frame + link_len);
	if (link_len)
		put_ethernet(spec, frame);
	add_packet(line, (struct script_packet){
		.time_ns = time_ns,
		.frame = frame,
		.captured_len = spec->cut < frame_len ? spec->cut : frame_len,
		.original_len = frame_len,
		.ip_offset = link_len,
		.where = { .source = line->source },
	});
}

static void add_pieces(struct script_line *line, const struct script_spec *spec, const uint8_t *datagram, uint32_t l4_len, int64_t time_ns)
{
	struct script_spec part = *spec;

	/* What belongs together has one number. */
	if (part.ip_id == SCRIPT_UNSET)
		part.ip_id = (uint32_t)(line->script->n_packets + 1) & 0xffff;
	part.is_fragment = true;
	part.fragment_size = spec->split;
	for (part.fragment_offset = 0; part.fragment_offset < l4_len && !line->script->is_full;
	     part.fragment_offset += spec->split) {
		part.more_fragments = part.fragment_offset + spec->split < l4_len;
		add_frame(line, &part, datagram, l4_len, time_ns);
	}
}

bool script_build(struct script_line *line, const struct script_spec *spec, int64_t time_ns)
{
	uint32_t l4_len;
	uint8_t *datagram = build_datagram(line, spec, &l4_len);

	if (!datagram)
		return false;
	if (spec->split != SCRIPT_UNSET && l4_len > spec->split) {
		add_pieces(line, spec, datagram, l4_len, time_ns);
	} else if (!spec->is_fragment || has_room(line, l4_len / SCRIPT_BUILT_PART)) {
		add_frame(line, spec, datagram, l4_len, time_ns);
	}
	free(datagram);
	return !line->script->is_full;
}

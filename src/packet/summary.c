/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/summary.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "base/cursor.h"
#include "packet/decode.h"
#include "packet/icmp_types.h"
#include "packet/printed_ends.h"
#include "packet/protocol.h"

enum { SCTP_HEADER_LEN = 12, UDP_HEADER_LEN = 8, ICMP_HEADER_LEN = 8, MOST_CHUNKS = 4 };

static void print_title(const struct packet *packet, struct text *out)
{
	const char *title = protocol_title(packet->protocol);

	/* 0 would read "ip": it is IPv6's hop-by-hop header, or nonsense. */
	if (!title && packet->protocol)
		title = protocol_name(packet->protocol);
	if (title)
		text_append(out, title);
	else
		text_printf(out, "protocol %u", packet->protocol);
}

enum { END_ROOM = ADDRESS_ROOM + PRINTED_PORT_ROOM + sizeof("[]:"), ENDS_ROOM = sizeof("  > ") + 2 * END_ROOM };

/* "10.0.0.1:53", into END_ROOM bytes; returns what is behind it. */
static char *write_end(char *at, enum family family, const struct printed_end *end)
{
	bool is_bracketed = end->port_len && family == FAMILY_IPV6;

	*at = '[';
	at = printed_end_write_address(end, at + is_bracketed);
	*at = ']';
	at += is_bracketed;
	if (!end->port_len)
		return at;
	*at++ = ':';
	return printed_end_write_port(end, at);
}

/* "UDP", with the piece of a fragment: "UDP frag 1480+" */
static void print_kind(const struct packet *packet, struct text *out)
{
	print_title(packet, out);
	if (packet->is_fragment)
		text_printf(out, " frag %u%s", packet->fragment_offset * 8u, packet->more_fragments ? "+" : "");
}

/* "UDP 1000 > 53" */
static void print_ports(const struct packet *packet, struct text *out)
{
	print_kind(packet, out);
	if (packet->has_ports)
		text_printf(out, " %u > %u", packet->source_port, packet->destination_port);
}

/* " 10.0.0.1:1000 > 10.0.0.2:53" */
static char *write_ends(char *at, enum family family, const struct printed_ends *ends)
{
	*at++ = ' ';
	at = write_end(at, family, &ends->source);
	at = text_write(at, " > ");
	return write_end(at, family, &ends->destination);
}

/* "UDP 10.0.0.1:1000 > 10.0.0.2:53" */
static void print_flow(const struct packet *packet, struct text *out)
{
	struct printed_ends ends;

	printed_ends_make(&ends, packet);
	print_kind(packet, out);
	text_end_at(out, write_ends(text_room(out, ENDS_ROOM), (enum family)packet->family, &ends));
}

static void print_ends(const struct packet *packet, unsigned parts, struct text *out)
{
	if (parts & SUMMARY_ADDRESSES)
		print_flow(packet, out);
	else
		print_ports(packet, out);
}

enum { LEN_ROOM = TEXT_U64_ROOM + sizeof(" len ") };

static char *write_len(char *at, const struct packet *packet, uint32_t header_len)
{
	at = text_write(at, " len ");
	return text_write_u64(at, packet->l4_len > header_len ? packet->l4_len - header_len : 0);
}

static void print_len(const struct packet *packet, uint32_t header_len, struct text *out)
{
	text_end_at(out, write_len(text_room(out, LEN_ROOM), packet, header_len));
}

static char *write_tcp_flags(char *at, uint8_t flags)
{
	/* In tcpdump's order. */
	static const struct {
		uint8_t flag;
		char letter;
	} letters[] = {
		{ TCP_FIN, 'F' }, { TCP_SYN, 'S' }, { TCP_RST, 'R' }, { TCP_PSH, 'P' },
		{ TCP_ACK, '.' }, { TCP_URG, 'U' }, { TCP_ECE, 'E' }, { TCP_CWR, 'W' },
	};

	at = text_write(at, " [");
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
		*at = letters[i].letter;
		at += (flags & letters[i].flag) != 0;
	}
	return text_write(at, flags ? "]" : "none]");
}

static char *write_tcp_numbers(char *at, const struct packet *packet)
{
	at = text_write_u64(text_write(at, " seq "), packet->tcp_sequence);
	if (packet->tcp_flags & TCP_ACK)
		at = text_write_u64(text_write(at, " ack "), packet->tcp_acknowledgment);
	at = text_write_u64(text_write(at, " win "), packet->tcp_window);
	return write_len(at, packet, packet->tcp_header_len);
}

enum { TCP_ROOM = sizeof(" [FSRP.UEW] seq  ack  win ") + 3 * TEXT_U64_ROOM + LEN_ROOM };

static char *write_tcp(char *at, const struct packet *packet, unsigned parts)
{
	at = write_tcp_flags(at, packet->tcp_flags);
	if (parts & SUMMARY_TCP_NUMBERS)
		return write_tcp_numbers(at, packet);
	return packet->l4_len > packet->tcp_header_len ? write_len(at, packet, packet->tcp_header_len) : at;
}

static void print_icmp(const struct packet *packet, unsigned parts, struct text *out)
{
	const struct icmp_type *row = icmp_types_find(packet->family, packet->icmp_type, packet->icmp_code);
	struct packet inner;

	if (!row) {
		text_printf(out, " type %u code %u", packet->icmp_type, packet->icmp_code);
		print_len(packet, ICMP_HEADER_LEN, out);
		return;
	}
	text_printf(out, " %s", row->phrase);
	if (row->form == ICMP_ID_SEQUENCE) {
		text_printf(out, " id %u seq %u", packet->icmp_id, packet->icmp_sequence);
		print_len(packet, ICMP_HEADER_LEN, out);
	}
	if (decode_embedded(packet, &inner)) {
		text_append(out, " (");
		print_ends(&inner, parts, out);
		text_append_char(out, ')');
	}
}

/* RFC 9260, 3.2: the chunks of the packet, by their types. */
static void print_sctp(const struct packet *packet, struct text *out)
{
	static const char *const names[] = {
		"DATA", "INIT", "INIT ACK", "SACK", "HEARTBEAT", "HEARTBEAT ACK", "ABORT", "SHUTDOWN", "SHUTDOWN ACK",
		"ERROR", "COOKIE ECHO", "COOKIE ACK", "ECNE", "CWR", "SHUTDOWN COMPLETE",
	};
	struct cursor cursor = cursor_at(packet->bytes, packet->len, (size_t)packet->l4_offset + SCTP_HEADER_LEN);

	for (int i = 0; i < MOST_CHUNKS && cursor_left(&cursor) >= 4; i++) {
		unsigned type = cursor_u8(&cursor), len;

		cursor_skip(&cursor, 1);
		len = cursor_u16(&cursor);
		if (type < sizeof(names) / sizeof(names[0]))
			text_printf(out, " [%s]", names[type]);
		else
			text_printf(out, " [chunk %u]", type);
		if (len < 4)
			break;
		cursor_skip(&cursor, (len + 3u) / 4 * 4 - 4);
	}
	print_len(packet, SCTP_HEADER_LEN, out);
}

static void print_l4(const struct packet *packet, unsigned parts, struct text *out)
{
	if (!packet->has_l4) {
		print_len(packet, 0, out);
		return;
	}
	switch (packet->protocol) {
	case PROTOCOL_TCP:
		text_end_at(out, write_tcp(text_room(out, TCP_ROOM), packet, parts));
		break;
	case PROTOCOL_UDP:
	case PROTOCOL_UDPLITE:
		print_len(packet, UDP_HEADER_LEN, out);
		break;
	case PROTOCOL_ICMP:
	case PROTOCOL_ICMPV6:
		print_icmp(packet, parts, out);
		break;
	case PROTOCOL_SCTP:
		print_sctp(packet, out);
		break;
	default:
		print_len(packet, 0, out);
		break;
	}
}

static void print_without_ip(const struct packet *packet, struct text *out)
{
	if (packet->status == DECODE_NOT_IP && packet->link.ethertype && !decode_ethertype_name(packet->link.ethertype))
		text_printf(out, "ethertype 0x%04x", packet->link.ethertype);
	else if (packet->status == DECODE_NOT_IP && packet->problem)
		text_append(out, packet->problem);
	else
		text_printf(out, "%s (%s)", packet->problem_layer ? packet->problem_layer : "frame",
			    packet->problem ? packet->problem : "nothing known");
}

static_assert(sizeof("TCP") + ENDS_ROOM + TCP_ROOM <= SUMMARY_ORDINARY_ROOM, "all that stands in the line of an ordinary packet");

char *summary_write_ordinary(char *at, const struct packet *packet, const struct printed_ends *ends, unsigned parts)
{
	at = text_write_bytes(at, packet->protocol == PROTOCOL_TCP ? "TCP" : "UDP", 3);
	at = write_ends(at, (enum family)packet->family, ends);
	return packet->protocol == PROTOCOL_TCP ? write_tcp(at, packet, parts) : write_len(at, packet, UDP_HEADER_LEN);
}

void summary_print_parts(const struct packet *packet, unsigned parts, struct text *out)
{
	struct printed_ends ends;

	if (summary_is_ordinary(packet) && parts & SUMMARY_ADDRESSES) {
		printed_ends_make(&ends, packet);
		text_end_at(out, summary_write_ordinary(text_room(out, SUMMARY_ORDINARY_ROOM), packet, &ends, parts));
		return;
	}
	if (packet->family == FAMILY_NONE) {
		print_without_ip(packet, out);
		return;
	}
	print_ends(packet, parts, out);
	print_l4(packet, parts, out);
	if (packet->problem)
		text_printf(out, " (%s)", packet->problem);
}

void summary_print(const struct packet *packet, struct text *out)
{
	summary_print_parts(packet, SUMMARY_ADDRESSES | SUMMARY_TCP_NUMBERS, out);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/kernel_log_parts.h"

#include <string.h>

enum { TCP_HEADER_LEN = 20, UDP_HEADER_LEN = 8, ETHERTYPE_IPV4 = 0x0800, ETHERTYPE_IPV6 = 0x86dd };

bool kernel_log_peek(const struct kernel_log *log, uint32_t offset, uint32_t len, struct cursor *cursor, bool *is_cut)
{
	const struct packet *packet = log->packet;

	*is_cut = false;
	if (offset > packet->total_len || packet->total_len - offset < len)
		return false;
	*cursor = cursor_at(packet->bytes, packet->len, offset);
	*is_cut = cursor_left(cursor) < len;
	return !*is_cut;
}

bool kernel_log_open(const struct kernel_log *log, uint32_t offset, uint32_t len, struct cursor *cursor)
{
	bool is_cut;

	if (kernel_log_peek(log, offset, len, cursor, &is_cut))
		return true;
	if (is_cut)
		text_append(log->out, "CUT ");
	else
		text_printf(log->out, "INCOMPLETE [%u bytes] ", log->packet->total_len - offset);
	return false;
}

void kernel_log_print_bytes(struct cursor *cursor, uint32_t len, struct text *out)
{
	text_append(out, "OPT (");
	while (len--)
		text_printf(out, "%02X", cursor_u8(cursor));
	text_append(out, ") ");
}

static void print_tcp_flags(uint16_t flags, struct text *out)
{
	static const struct { uint16_t flag; const char *word; } words[] = {
		{ 0x100, "AE " }, { TCP_CWR, "CWR " }, { TCP_ECE, "ECE " }, { TCP_URG, "URG " }, { TCP_ACK, "ACK " },
		{ TCP_PSH, "PSH " }, { TCP_RST, "RST " }, { TCP_SYN, "SYN " }, { TCP_FIN, "FIN " },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		text_append(out, flags & words[i].flag ? words[i].word : "");
}

bool kernel_log_print_tcp(const struct kernel_log *log, bool is_later_fragment, uint32_t offset)
{
	uint16_t source, destination, bits, window;
	uint32_t sequence, acknowledgment, header_len;
	struct cursor cursor;
	bool is_cut;

	text_append(log->out, "PROTO=TCP ");
	if (is_later_fragment)
		return true;
	if (!kernel_log_open(log, offset, TCP_HEADER_LEN, &cursor))
		return false;
	source = cursor_u16(&cursor);
	destination = cursor_u16(&cursor);
	sequence = cursor_u32(&cursor);
	acknowledgment = cursor_u32(&cursor);
	bits = cursor_u16(&cursor);
	window = cursor_u16(&cursor);
	cursor_skip(&cursor, 2);
	header_len = (bits >> 12) * 4u;
	text_printf(log->out, "SPT=%u DPT=%u ", source, destination);
	if (log->flags & KERNEL_LOG_TCP_SEQUENCE)
		text_printf(log->out, "SEQ=%u ACK=%u ", sequence, acknowledgment);
	/* Reserved bits; AE is one of the flags since 6.15. */
	text_printf(log->out, "WINDOW=%u RES=0x%02x ", window, (bits >> 9 & 7) << 3);
	print_tcp_flags(bits, log->out);
	text_printf(log->out, "URGP=%u ", cursor_u16(&cursor));
	if (!(log->flags & KERNEL_LOG_TCP_OPTIONS) || header_len <= TCP_HEADER_LEN)
		return true;
	if (!kernel_log_peek(log, offset + TCP_HEADER_LEN, header_len - TCP_HEADER_LEN, &cursor, &is_cut)) {
		text_append(log->out, is_cut ? "CUT " : "OPT (TRUNCATED)");
		return false;
	}
	kernel_log_print_bytes(&cursor, header_len - TCP_HEADER_LEN, log->out);
	return true;
}

bool kernel_log_print_udp(const struct kernel_log *log, uint8_t protocol, bool is_later_fragment, uint32_t offset)
{
	struct cursor cursor;
	uint16_t source, destination;

	text_append(log->out, protocol == PROTOCOL_UDP ? "PROTO=UDP " : "PROTO=UDPLITE ");
	if (is_later_fragment)
		return true;
	if (!kernel_log_open(log, offset, UDP_HEADER_LEN, &cursor))
		return false;
	source = cursor_u16(&cursor);
	destination = cursor_u16(&cursor);
	text_printf(log->out, "SPT=%u DPT=%u LEN=%u ", source, destination, cursor_u16(&cursor));
	return true;
}

void kernel_log_print_spi(const struct kernel_log *log, uint32_t offset, uint32_t before, uint32_t header_len)
{
	struct cursor cursor;

	if (!kernel_log_open(log, offset, header_len, &cursor))
		return;
	cursor_skip(&cursor, before);
	text_printf(log->out, "SPI=0x%x ", cursor_u32(&cursor));
}

static void print_mac(const uint8_t *mac, struct text *out)
{
	for (unsigned i = 0; i < 6; i++)
		text_printf(out, "%s%02x", i ? ":" : "", mac[i]);
}

/* Of the frame that came in. lo's are zero; without a link layer there is nothing behind "MAC=". */
static void print_link(const struct event_log *log, struct text *out)
{
	static const uint8_t zero[6];
	const struct link_info *link = &log->packet->link;
	bool is_loopback = strcmp(log->in, "lo") == 0, is_there = link->has_source_mac && link->has_destination_mac;
	const uint8_t *source = is_loopback ? zero : link->source_mac, *destination = is_loopback ? zero : link->destination_mac;
	uint16_t ethertype = log->packet->family == FAMILY_IPV6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4;

	if ((log->flags & KERNEL_LOG_MAC_DECODE) && is_there && !is_loopback) {
		text_append(out, "MACSRC=");
		print_mac(source, out);
		text_append(out, " MACDST=");
		print_mac(destination, out);
		text_printf(out, " MACPROTO=%04x ", ethertype);
		return;
	}
	text_append(out, "MAC=");
	if (is_there || is_loopback) {
		print_mac(destination, out);
		text_append_char(out, ':');
		print_mac(source, out);
		text_printf(out, ":%02x:%02x", ethertype >> 8, ethertype & 0xff);
	}
	text_append_char(out, ' ');
}

void kernel_log_print(const struct event_log *log, struct text *out)
{
	struct kernel_log body = { .packet = log->packet, .flags = log->flags, .out = out };
	bool goes_on;

	text_printf(out, "IN=%s OUT=%s ", log->in, log->out);
	if (log->in[0])
		print_link(log, out);
	if (log->packet->family == FAMILY_IPV6)
		goes_on = kernel_log_print_ipv6(&body, 0, false);
	else
		goes_on = kernel_log_print_ipv4(&body, 0, false);
	if (!goes_on)
		return;
	if ((log->flags & KERNEL_LOG_UID) && log->has_user)
		text_printf(out, "UID=%u GID=%u ", log->uid, log->gid);
	if (log->mark)
		text_printf(out, "MARK=0x%x ", log->mark);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/kernel_log_parts.h"

enum { IPV4_HEADER_LEN = 20, ICMP_HEADER_LEN = 8, AH_HEADER_LEN = 12, ESP_HEADER_LEN = 8, AH_SPI_AT = 4 };

enum { TOS_MASK = 0x1e, PRECEDENCE_MASK = 0xe0, RESERVED_BIT = 0x8000, DF_BIT = 0x4000, MF_BIT = 0x2000, OFFSET_MASK = 0x1fff };

enum {
	ICMP_ECHO_REPLY = 0, ICMP_UNREACHABLE = 3, ICMP_SOURCE_QUENCH = 4, ICMP_REDIRECT = 5, ICMP_ECHO_REQUEST = 8,
	ICMP_TIME_EXCEEDED = 11, ICMP_PARAMETER_PROBLEM = 12, ICMP_TYPES = 19, ICMP_FRAGMENTATION_NEEDED = 4,
};

/* How long a message of a type must be; 0: any. */
static const uint8_t required_len[ICMP_TYPES] = {
	[ICMP_ECHO_REPLY] = 4, [ICMP_UNREACHABLE] = 28, [ICMP_SOURCE_QUENCH] = 28, [ICMP_REDIRECT] = 28, [ICMP_ECHO_REQUEST] = 4,
	[ICMP_TIME_EXCEEDED] = 28, [ICMP_PARAMETER_PROBLEM] = 28, [13] = 20, [14] = 20, [17] = 12, [18] = 12,
};

static void print_address(uint32_t address, struct text *out)
{
	struct address printed = address_from_ipv4(address);

	address_print(FAMILY_IPV4, &printed, out);
}

/* What stands behind type and code. */
static void print_icmp_rest(const struct kernel_log *log, uint32_t offset, uint8_t type, uint8_t code, uint32_t rest, bool is_quoted)
{
	struct text *out = log->out;

	switch (type) {
	case ICMP_ECHO_REPLY:
	case ICMP_ECHO_REQUEST:
		text_printf(out, "ID=%u SEQ=%u ", rest >> 16, rest & 0xffff);
		return;
	case ICMP_PARAMETER_PROBLEM:
		text_printf(out, "PARAMETER=%u ", rest >> 24);
		return;
	case ICMP_REDIRECT:
		text_append(out, "GATEWAY=");
		print_address(rest, out);
		text_append_char(out, ' ');
		break;
	case ICMP_UNREACHABLE:
	case ICMP_SOURCE_QUENCH:
	case ICMP_TIME_EXCEEDED:
		break;
	default:
		return;
	}
	if (!is_quoted) {
		text_append_char(out, '[');
		kernel_log_print_ipv4(log, offset + ICMP_HEADER_LEN, true);
		text_append(out, "] ");
	}
	if (type == ICMP_UNREACHABLE && code == ICMP_FRAGMENTATION_NEEDED)
		text_printf(out, "MTU=%u ", rest & 0xffff);
}

static void print_icmp(const struct kernel_log *log, bool is_later_fragment, uint32_t offset, bool is_quoted)
{
	struct cursor cursor;
	uint8_t type, code;

	text_append(log->out, "PROTO=ICMP ");
	if (is_later_fragment || !kernel_log_open(log, offset, ICMP_HEADER_LEN, &cursor))
		return;
	type = cursor_u8(&cursor);
	code = cursor_u8(&cursor);
	cursor_skip(&cursor, 2);
	text_printf(log->out, "TYPE=%u CODE=%u ", type, code);
	if (type < ICMP_TYPES && log->packet->total_len - offset < required_len[type])
		text_printf(log->out, "INCOMPLETE [%u bytes] ", log->packet->total_len - offset);
	else
		print_icmp_rest(log, offset, type, code, cursor_u32(&cursor), is_quoted);
}

/* Layer 4; false where the kernel ends the line behind it. */
static bool print_payload(const struct kernel_log *log, uint8_t protocol, bool is_later_fragment, uint32_t offset, bool is_quoted)
{
	switch (protocol) {
	case PROTOCOL_TCP:
		return kernel_log_print_tcp(log, is_later_fragment, offset);
	case PROTOCOL_UDP:
	case PROTOCOL_UDPLITE:
		return kernel_log_print_udp(log, protocol, is_later_fragment, offset);
	case PROTOCOL_ICMP:
		print_icmp(log, is_later_fragment, offset, is_quoted);
		break;
	case PROTOCOL_AH:
		/* A later fragment has not even a name. */
		if (is_later_fragment)
			break;
		text_append(log->out, "PROTO=AH ");
		kernel_log_print_spi(log, offset, AH_SPI_AT, AH_HEADER_LEN);
		break;
	case PROTOCOL_ESP:
		text_append(log->out, "PROTO=ESP ");
		if (!is_later_fragment)
			kernel_log_print_spi(log, offset, 0, ESP_HEADER_LEN);
		break;
	default:
		text_printf(log->out, "PROTO=%u ", protocol);
	}
	return true;
}

static void print_fragment_bits(uint16_t bits, struct text *out)
{
	text_append(out, bits & RESERVED_BIT ? "CE " : "");
	text_append(out, bits & DF_BIT ? "DF " : "");
	text_append(out, bits & MF_BIT ? "MF " : "");
	if (bits & OFFSET_MASK)
		text_printf(out, "FRAG:%u ", bits & OFFSET_MASK);
}

bool kernel_log_print_ipv4(const struct kernel_log *log, uint32_t offset, bool is_quoted)
{
	struct text *out = log->out;
	struct cursor cursor;
	uint8_t first, tos, ttl, protocol;
	uint16_t len, id, fragment;
	uint32_t header_len;
	bool is_cut;

	if (!kernel_log_peek(log, offset, IPV4_HEADER_LEN, &cursor, &is_cut)) {
		text_append(out, is_cut ? "CUT " : "TRUNCATED");
		return false;
	}
	first = cursor_u8(&cursor);
	tos = cursor_u8(&cursor);
	len = cursor_u16(&cursor);
	id = cursor_u16(&cursor);
	fragment = cursor_u16(&cursor);
	ttl = cursor_u8(&cursor);
	protocol = cursor_u8(&cursor);
	cursor_skip(&cursor, 2);
	text_append(out, "SRC=");
	print_address(cursor_u32(&cursor), out);
	text_append(out, " DST=");
	print_address(cursor_u32(&cursor), out);
	/* A length of 0 is that of a large send, which the network card was to cut. */
	text_printf(out, " LEN=%u TOS=0x%02X PREC=0x%02X TTL=%u ID=%u ", len || is_quoted ? len : log->packet->total_len,
		    tos & TOS_MASK, tos & PRECEDENCE_MASK, ttl, id);
	print_fragment_bits(fragment, out);
	header_len = (first & 0xf) * 4u;
	if ((log->flags & KERNEL_LOG_IP_OPTIONS) && header_len > IPV4_HEADER_LEN) {
		if (!kernel_log_peek(log, offset + IPV4_HEADER_LEN, header_len - IPV4_HEADER_LEN, &cursor, &is_cut)) {
			text_append(out, is_cut ? "CUT " : "TRUNCATED");
			return false;
		}
		kernel_log_print_bytes(&cursor, header_len - IPV4_HEADER_LEN, out);
	}
	return print_payload(log, protocol, (fragment & OFFSET_MASK) != 0, offset + header_len, is_quoted);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/protocol.h"
#include "sink/kernel_log_parts.h"

enum {
	IPV6_HEADER_LEN = 40, OPTION_HEADER_LEN = 2, FRAGMENT_HEADER_LEN = 8, AH_HEADER_LEN = 12, ESP_HEADER_LEN = 8, AH_SPI_AT = 4,
	ICMPV6_HEADER_LEN = 8, FRAGMENT_HEADER = 44, OFFSET_MASK = 0xfff8,
};

enum {
	ICMPV6_UNREACHABLE = 1, ICMPV6_TOO_BIG = 2, ICMPV6_TIME_EXCEEDED = 3, ICMPV6_PARAMETER_PROBLEM = 4, ICMPV6_ECHO_REQUEST = 128,
	ICMPV6_ECHO_REPLY = 129,
};

/* The way through the extension headers. */
struct chain {
	uint8_t next;
	uint32_t offset;
	bool is_later_fragment;
};

/* "FRAG:0 INCOMPLETE ID:00000007 "; false where the kernel ends the line behind it. */
static bool print_fragment(const struct kernel_log *log, struct chain *chain)
{
	struct cursor cursor;
	uint16_t bits;
	bool is_cut;

	text_append(log->out, "FRAG:");
	if (!kernel_log_peek(log, chain->offset, FRAGMENT_HEADER_LEN, &cursor, &is_cut)) {
		text_append(log->out, is_cut ? "CUT " : "TRUNCATED ");
		return false;
	}
	cursor_skip(&cursor, 2);
	bits = cursor_u16(&cursor);
	text_printf(log->out, "%u %sID:%08x ", bits & OFFSET_MASK, bits & 1 ? "INCOMPLETE " : "", cursor_u32(&cursor));
	chain->is_later_fragment |= (bits & OFFSET_MASK) != 0;
	return true;
}

/* "AH SPI=0x7 " or "ESP SPI=0x7 )", with --log-ip-options alone; false where the kernel ends the line behind it. */
static bool print_ipsec(const struct kernel_log *log, const struct chain *chain)
{
	bool is_ah = chain->next == PROTOCOL_AH, is_cut;
	uint32_t len = is_ah ? AH_HEADER_LEN : ESP_HEADER_LEN;
	struct cursor cursor;

	if (!(log->flags & KERNEL_LOG_IP_OPTIONS))
		return is_ah;
	text_append(log->out, is_ah ? "AH " : "ESP ");
	if (chain->is_later_fragment) {
		text_append_char(log->out, ')');
		return false;
	}
	if (!kernel_log_peek(log, chain->offset, len, &cursor, &is_cut)) {
		if (is_cut)
			text_append(log->out, "CUT ");
		else
			text_printf(log->out, "INCOMPLETE [%u bytes] )", log->packet->total_len - chain->offset);
		return false;
	}
	cursor_skip(&cursor, is_ah ? AH_SPI_AT : 0);
	text_printf(log->out, is_ah ? "SPI=0x%x " : "SPI=0x%x )", cursor_u32(&cursor));
	return is_ah;
}

/* One header; false where the kernel ends the line behind it. */
static bool print_header(const struct kernel_log *log, struct chain *chain)
{
	bool shows_options = log->flags & KERNEL_LOG_IP_OPTIONS, is_cut;
	uint8_t next, units;
	struct cursor cursor;

	if (!kernel_log_peek(log, chain->offset, OPTION_HEADER_LEN, &cursor, &is_cut)) {
		text_append(log->out, is_cut ? "CUT " : "TRUNCATED");
		return false;
	}
	next = cursor_u8(&cursor);
	units = cursor_u8(&cursor);
	text_append(log->out, shows_options ? "OPT ( " : "");
	if (chain->next == FRAGMENT_HEADER) {
		if (!print_fragment(log, chain))
			return false;
		chain->offset += FRAGMENT_HEADER_LEN;
	} else if (chain->next == PROTOCOL_AH || chain->next == PROTOCOL_ESP) {
		if (!print_ipsec(log, chain))
			return false;
		chain->offset += (units + 2u) * 4;
	} else {
		if (chain->is_later_fragment) {
			text_append(log->out, shows_options ? ")" : "");
			return false;
		}
		chain->offset += (units + 1u) * 8;
	}
	text_append(log->out, shows_options ? ") " : "");
	chain->next = next;
	return true;
}

static bool print_icmpv6(const struct kernel_log *log, const struct chain *chain, bool is_quoted)
{
	struct text *out = log->out;
	struct cursor cursor;
	uint8_t type, code;
	uint32_t rest;

	text_append(out, "PROTO=ICMPv6 ");
	if (chain->is_later_fragment)
		return true;
	if (!kernel_log_open(log, chain->offset, ICMPV6_HEADER_LEN, &cursor))
		return false;
	type = cursor_u8(&cursor);
	code = cursor_u8(&cursor);
	cursor_skip(&cursor, 2);
	rest = cursor_u32(&cursor);
	text_printf(out, "TYPE=%u CODE=%u ", type, code);
	if (type == ICMPV6_ECHO_REQUEST || type == ICMPV6_ECHO_REPLY)
		text_printf(out, "ID=%u SEQ=%u ", rest >> 16, rest & 0xffff);
	if (type < ICMPV6_UNREACHABLE || type > ICMPV6_PARAMETER_PROBLEM)
		return true;
	if (type == ICMPV6_PARAMETER_PROBLEM)
		text_printf(out, "POINTER=%08x ", rest);
	if (!is_quoted) {
		text_append_char(out, '[');
		kernel_log_print_ipv6(log, chain->offset + ICMPV6_HEADER_LEN, true);
		text_append(out, "] ");
	}
	if (type == ICMPV6_TOO_BIG)
		text_printf(out, "MTU=%u ", rest);
	return true;
}

static void print_address(struct cursor *cursor, struct text *out)
{
	const uint8_t *bytes = cursor_take(cursor, 16);
	struct address address = address_from_bytes(FAMILY_IPV6, bytes);

	address_print_long(FAMILY_IPV6, &address, out);
}

bool kernel_log_print_ipv6(const struct kernel_log *log, uint32_t offset, bool is_quoted)
{
	struct chain chain = { .offset = offset + IPV6_HEADER_LEN };
	struct text *out = log->out;
	struct cursor cursor;
	uint32_t first;
	uint16_t payload_len;
	uint8_t hop_limit;
	bool is_cut;

	if (!kernel_log_peek(log, offset, IPV6_HEADER_LEN, &cursor, &is_cut)) {
		text_append(out, is_cut ? "CUT " : "TRUNCATED");
		return false;
	}
	first = cursor_u32(&cursor);
	payload_len = cursor_u16(&cursor);
	chain.next = cursor_u8(&cursor);
	hop_limit = cursor_u8(&cursor);
	text_append(out, "SRC=");
	print_address(&cursor, out);
	text_append(out, " DST=");
	print_address(&cursor, out);
	text_printf(out, " LEN=%u TC=%u HOPLIMIT=%u FLOWLBL=%u ",
		    payload_len || is_quoted ? payload_len + (uint32_t)IPV6_HEADER_LEN : log->packet->total_len, first >> 20 & 0xff,
		    hop_limit, first & 0xfffff);
	while (protocol_is_extension(chain.next) || chain.next == PROTOCOL_ESP) {
		if (!print_header(log, &chain))
			return false;
	}
	switch (chain.next) {
	case PROTOCOL_TCP:
		return kernel_log_print_tcp(log, chain.is_later_fragment, chain.offset);
	case PROTOCOL_UDP:
	case PROTOCOL_UDPLITE:
		return kernel_log_print_udp(log, chain.next, chain.is_later_fragment, chain.offset);
	case PROTOCOL_ICMPV6:
		return print_icmpv6(log, &chain, is_quoted);
	default:
		text_printf(out, "PROTO=%u ", chain.next);
		return true;
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way of packets that -j TRACE has marked: as `xtables-monitor --trace` 1.8.9 shows that of iptables-nft, or in the
 * lines of the kernel log that iptables-legacy has for it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cursor.h"
#include "sink/kernel_log.h"
#include "sink/sink.h"

enum { WORD_KERNEL = 1 << 0 };

enum { IPV4_HEADER_LEN = 20, IPV6_HEADER_LEN = 40, TCP_HEADER_LEN = 20, ETHERTYPE_IPV4 = 0x0800, ETHERTYPE_IPV6 = 0x86dd };

enum { FAMILY_NUMBER_IPV4 = 2, FAMILY_NUMBER_IPV6 = 10 };	/* AF_INET, AF_INET6 */

struct trace_state {
	struct text *out;
	uint32_t words;
	uint64_t packet;	/* whose way through which table was shown last */
	enum hook hook;
	const char *table;
};

static void *open_trace(const struct sink_options *options, struct output *output)
{
	struct trace_state *state = alloc_zeroed(1, sizeof(*state));

	state->out = &output->buffer;
	state->words = options->words;
	return state;
}

/* ether_ntoa(3): no leading zeros. */
static void print_mac(const char *title, const uint8_t *mac, struct text *out)
{
	text_append(out, title);
	for (unsigned i = 0; i < 6; i++)
		text_printf(out, "%s%x", i ? ":" : "", mac[i]);
	text_append_char(out, ' ');
}

static void print_link(const struct event_log *log, struct text *out)
{
	const struct link_info *link = &log->packet->link;

	if (strcmp(log->in, "lo") == 0) {
		text_append(out, "LOOPBACK ");
	} else if (link->has_source_mac && link->has_destination_mac) {
		print_mac("MACSRC=", link->source_mac, out);
		print_mac("MACDST=", link->destination_mac, out);
		text_printf(out, "MACPROTO=%04x ", log->packet->family == FAMILY_IPV6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4);
	}
}

/* The tool prints each as an int made of a char: 0x94 becomes FFFFFF94. */
static void print_options(struct cursor *cursor, uint32_t len, struct text *out)
{
	text_append(out, "OPT (");
	while (len-- && cursor_left(cursor))
		text_printf(out, "%02X", (unsigned)(int)(int8_t)cursor_u8(cursor));
	text_append(out, ") ");
}

static void print_ipv4(const struct packet *packet, struct text *out)
{
	struct cursor cursor = cursor_at(packet->bytes, packet->len, 0);
	uint32_t header_len = (cursor_u8(&cursor) & 0x0fu) * 4, tos = cursor_u8(&cursor), len = cursor_u16(&cursor);
	uint32_t id = cursor_u16(&cursor), fragment = cursor_u16(&cursor);

	text_printf(out, "LEN=%u TOS=0x%x TTL=%u ID=%u ", len, tos, cursor_u8(&cursor), id);
	text_append(out, fragment & 0x8000 ? "CE " : "");
	text_append(out, fragment & 0x4000 ? "DF " : "");
	text_append(out, fragment & 0x2000 ? "MF " : "");
	if (fragment & 0x1fff)
		text_printf(out, "FRAG:%u ", fragment & 0x1fff);
	if (header_len <= IPV4_HEADER_LEN)
		return;
	cursor = cursor_at(packet->bytes, packet->len, IPV4_HEADER_LEN);
	print_options(&cursor, header_len - IPV4_HEADER_LEN, out);
}

/* The tool adds the length of an IPv4 header to that of the payload. */
static void print_ipv6(const struct packet *packet, struct text *out)
{
	struct cursor cursor = cursor_at(packet->bytes, packet->len, 0);
	uint32_t first = cursor_u32(&cursor), len = cursor_u16(&cursor);

	cursor_skip(&cursor, 1);
	text_printf(out, "LEN=%u TC=%u HOPLIMIT=%u FLOWLBL=%u ", len + IPV4_HEADER_LEN, first >> 20 & 0xff, cursor_u8(&cursor),
		    first & 0xfffff);
}

static void print_tcp_flags(uint8_t flags, struct text *out)
{
	static const struct { uint8_t flag; const char *word; } words[] = {
		{ TCP_SYN, "SYN " }, { TCP_ACK, "ACK " }, { TCP_FIN, "FIN " }, { TCP_RST, "RST " }, { TCP_PSH, "PSH " },
		{ TCP_URG, "URG " },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		text_append(out, flags & words[i].flag ? words[i].word : "");
}

/* For IPv6 the tool takes the first next header for the protocol: no ports behind an extension header. */
static void print_ports(const struct packet *packet, struct text *out)
{
	bool is_ipv6 = packet->family == FAMILY_IPV6;
	struct cursor cursor = cursor_at(packet->bytes, packet->len, is_ipv6 ? 6 : 9);
	uint8_t protocol = cursor_u8(&cursor);
	uint16_t source, destination;

	if (protocol != PROTOCOL_TCP && protocol != PROTOCOL_UDP && protocol != PROTOCOL_UDPLITE && protocol != PROTOCOL_SCTP &&
	    protocol != PROTOCOL_DCCP)
		return;
	cursor = cursor_at(packet->bytes, packet->len, packet->l4_offset);
	if (cursor_left(&cursor) < (protocol == PROTOCOL_TCP ? TCP_HEADER_LEN : 4))
		return;
	source = cursor_u16(&cursor);
	destination = cursor_u16(&cursor);
	text_printf(out, "SPORT=%u DPORT=%u ", source, destination);
	if (protocol != PROTOCOL_TCP)
		return;
	cursor_skip(&cursor, 9);
	print_tcp_flags(cursor_u8(&cursor), out);
}

static void print_header(const struct trace_state *state, const char *title, const struct event *event)
{
	text_printf(state->out, "%s %d %08llx ", title,
		    event->trace.log.packet->family == FAMILY_IPV6 ? FAMILY_NUMBER_IPV6 : FAMILY_NUMBER_IPV4,
		    (unsigned long long)event->packet);
}

static void print_packet(const struct trace_state *state, const struct event *event)
{
	const struct event_log *log = &event->trace.log;
	const struct packet *packet = log->packet;
	struct text *out = state->out;

	print_header(state, "PACKET:", event);
	if (log->in[0])
		text_printf(out, "IN=%s ", log->in);
	if (log->out[0])
		text_printf(out, "OUT=%s ", log->out);
	if (log->in[0])
		print_link(log, out);
	text_append(out, "SRC=");
	address_print(packet->family, &packet->source, out);
	text_append(out, " DST=");
	address_print(packet->family, &packet->destination, out);
	text_append_char(out, ' ');
	if (packet->family == FAMILY_IPV6)
		print_ipv6(packet, out);
	else
		print_ipv4(packet, out);
	print_ports(packet, out);
	if (log->mark)
		text_printf(out, "MARK=0x%x ", log->mark);
	text_append_char(out, '\n');
}

static void print_monitor_line(struct trace_state *state, const struct event *event)
{
	const struct event_trace *trace = &event->trace;
	bool is_same = state->packet == event->packet && state->hook == trace->log.hook && state->table == trace->table;

	if (!is_same)
		print_packet(state, event);
	state->packet = event->packet;
	state->hook = trace->log.hook;
	state->table = trace->table;
	print_header(state, " TRACE:", event);
	if (trace->handle) {
		text_printf(state->out, "%s:%s:rule:0x%x:%s%s%s  -%c -t %s %s\n", trace->table, trace->chain, trace->handle,
			    trace->verdict, trace->jump ? ":" : "", trace->jump ? trace->jump : "",
			    trace->log.packet->family == FAMILY_IPV6 ? '6' : '4', trace->table, trace->log.rule->text);
	} else {
		text_printf(state->out, "%s:%s:policy:%s \n", trace->table, trace->chain, trace->verdict);
	}
}

static void on_event(void *owner, const struct event *event)
{
	struct trace_state *state = owner;
	const struct event_trace *trace = &event->trace;

	if (trace->verdict && !(state->words & WORD_KERNEL)) {
		print_monitor_line(state, event);
	} else if (!trace->verdict && (state->words & WORD_KERNEL)) {
		text_printf(state->out, "TRACE: %s:%s:%s:%u ", trace->table, trace->chain, trace->kind, trace->number);
		kernel_log_print(&trace->log, state->out);
		text_append_char(state->out, '\n');
	}
}

static const struct sink_word words[] = {
	{ "kernel", WORD_KERNEL, 0, "the lines that iptables-legacy writes to the kernel log" },
	{ 0 },
};

const struct sink_type sink_trace = {
	.name = "trace",
	.summary = "the way of packets that -j TRACE marked, as `xtables-monitor --trace` shows it",
	.kinds = EVENT_BIT(EVENT_TRACE),
	.words = words,
	.open = open_trace,
	.on_event = on_event,
	.close = free,
};

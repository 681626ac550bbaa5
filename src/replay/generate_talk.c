/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conversations as lines of a packet script. */
#include <inttypes.h>
#include <stdio.h>

#include "replay/generate_parts.h"
#include "packet/protocol.h"

enum {
	FIRST_PORT = 20000, N_PORTS = 40000,
	STATE_NEW = 1, STATE_RELATED = 2,	/* values of FIELD_CTSTATE */
	IPV4_HEADER_LEN = 20, IPV6_HEADER_LEN = 40, TCP_HEADER_LEN = 20, UDP_HEADER_LEN = 8,
};

struct extent_value generate_free_port(const struct generate_writer *writer)
{
	return (struct extent_value){ .low = FIRST_PORT + writer->n_conversations % N_PORTS };
}

static void add_end(const struct generate_plan *plan, enum packet_field address, enum packet_field port, bool has_port,
		    struct text *out)
{
	struct address value = extent_to_address(plan->family, plan->fields[address]);
	bool is_bracketed = has_port && plan->family == FAMILY_IPV6;

	text_append(out, is_bracketed ? "[" : "");
	address_print(plan->family, &value, out);
	text_append(out, is_bracketed ? "]" : "");
	if (has_port)
		text_printf(out, ":%" PRIu64, plan->fields[port].low);
}

/* "+0.001 udp A:1 > B:2": the beginning of a line. */
static void begin_line(struct generate_writer *writer, const struct generate_plan *plan, const char *word, bool is_reply, bool has_ports)
{
	struct text *out = writer->script;

	text_printf(out, "+0.001 %s ", word);
	add_end(plan, is_reply ? FIELD_DESTINATION : FIELD_SOURCE, is_reply ? FIELD_DESTINATION_PORT : FIELD_SOURCE_PORT, has_ports,
		out);
	text_append(out, " > ");
	add_end(plan, is_reply ? FIELD_SOURCE : FIELD_DESTINATION, is_reply ? FIELD_SOURCE_PORT : FIELD_DESTINATION_PORT, has_ports,
		out);
	writer->n_packets++;
}

/* The payload that makes the packet as long as a rule's range of lengths wants it. */
static void add_payload(const struct generate_plan *plan, uint32_t header_len, struct text *out)
{
	uint64_t want = plan->fields[FIELD_LENGTH].low;

	header_len += plan->family == FAMILY_IPV6 ? IPV6_HEADER_LEN : IPV4_HEADER_LEN;
	if (want > header_len && want <= 1500)
		text_printf(out, " len %" PRIu64, want - header_len);
}

static void end_line(struct generate_writer *writer)
{
	text_append_char(writer->script, '\n');
}

static void add_tcp(struct generate_writer *writer, const struct generate_plan *plan, bool is_reply, const char *words)
{
	begin_line(writer, plan, "tcp", is_reply, true);
	text_printf(writer->script, " %s win 64240", words);
	add_payload(plan, TCP_HEADER_LEN, writer->script);
	end_line(writer);
}

/* An error about the packet that came `n_before` packets before. */
static void add_error(struct generate_writer *writer, const struct generate_plan *plan, uint64_t n_before)
{
	bool is_ipv6 = plan->family == FAMILY_IPV6;

	begin_line(writer, plan, is_ipv6 ? "icmp6" : "icmp", true, false);
	text_printf(writer->script, " unreachable port about %" PRIu64 "\n", writer->n_packets - n_before);
}

static void talk_tcp(struct generate_writer *writer, const struct generate_plan *plan)
{
	add_tcp(writer, plan, false, "S seq 1000");
	add_tcp(writer, plan, true, "S. seq 5000 ack 1001");
	add_tcp(writer, plan, false, ". seq 1001 ack 5001");
	add_tcp(writer, plan, true, "P. seq 5001 ack 1001");
	if (writer->has_states)
		add_error(writer, plan, 2);
}

void generate_stray(struct generate_writer *writer, struct generate_plan plan, bool has_free_port)
{
	static const char *const strays[] = {
		"F. seq 1 ack 1", "R seq 1", "none seq 1", "SF seq 1", "FPU seq 1", ". seq 1 ack 1", "R. seq 1 ack 1", "S. seq 1 ack 1",
		"SR seq 1", "FSRPU. seq 1 ack 1",
	};

	for (size_t i = 0; i < sizeof(strays) / sizeof(strays[0]); i++) {
		writer->n_conversations++;
		if (has_free_port)
			plan.fields[FIELD_SOURCE_PORT] = generate_free_port(writer);
		add_tcp(writer, &plan, false, strays[i]);
	}
}

static void talk_udp(struct generate_writer *writer, const struct generate_plan *plan)
{
	for (unsigned i = 0; i < 3; i++) {
		begin_line(writer, plan, "udp", i == 1, true);
		add_payload(plan, UDP_HEADER_LEN, writer->script);
		end_line(writer);
	}
	if (!writer->has_states)
		return;
	add_error(writer, plan, 1);
	begin_line(writer, plan, "udp", false, true);
	text_append(writer->script, " bad-checksum\n");
}

static void talk_icmp(struct generate_writer *writer, const struct generate_plan *plan)
{
	const char *word = plan->family == FAMILY_IPV6 ? "icmp6" : "icmp";
	uint32_t type = (uint32_t)plan->fields[FIELD_ICMP].low >> 8 & 0xff, code = (uint32_t)plan->fields[FIELD_ICMP].low & 0xff;
	uint32_t echo = plan->family == FAMILY_IPV6 ? 128 : 8, reply = plan->family == FAMILY_IPV6 ? 129 : 0;

	begin_line(writer, plan, word, false, false);
	text_printf(writer->script, " type %u code %u id %u\n", type, code, writer->n_conversations & 0xffff);
	if (type != echo)
		return;
	begin_line(writer, plan, word, true, false);
	text_printf(writer->script, " type %u code %u id %u\n", reply, code, writer->n_conversations & 0xffff);
}

static void talk_otherwise(struct generate_writer *writer, const struct generate_plan *plan)
{
	char word[16];

	snprintf(word, sizeof(word), "proto %u", (unsigned)plan->fields[FIELD_PROTOCOL].low);
	for (unsigned i = 0; i < 2; i++) {
		begin_line(writer, plan, word, i == 1, false);
		text_append(writer->script, " len 24\n");
	}
}

void generate_talk(struct generate_writer *writer, const struct generate_plan *plan)
{
	writer->n_conversations++;
	switch (plan->fields[FIELD_PROTOCOL].low) {
	case PROTOCOL_TCP:
		talk_tcp(writer, plan);
		break;
	case PROTOCOL_UDP:
		talk_udp(writer, plan);
		break;
	case PROTOCOL_ICMP:
	case PROTOCOL_ICMPV6:
		if ((plan->family == FAMILY_IPV6) == (plan->fields[FIELD_PROTOCOL].low == PROTOCOL_ICMPV6))
			talk_icmp(writer, plan);
		break;
	default:
		talk_otherwise(writer, plan);
	}
}

static void turn(struct generate_plan *plan)
{
	struct extent_value source = plan->fields[FIELD_SOURCE], port = plan->fields[FIELD_SOURCE_PORT];

	plan->fields[FIELD_SOURCE] = plan->fields[FIELD_DESTINATION];
	plan->fields[FIELD_SOURCE_PORT] = plan->fields[FIELD_DESTINATION_PORT];
	plan->fields[FIELD_DESTINATION] = source;
	plan->fields[FIELD_DESTINATION_PORT] = port;
}

/* An error that arrives the way of the plan, about a packet that went the other way. */
static void talk_related(struct generate_writer *writer, struct generate_plan plan)
{
	turn(&plan);
	plan.fields[FIELD_PROTOCOL].low = PROTOCOL_UDP;
	writer->n_conversations++;
	begin_line(writer, &plan, "udp", false, true);
	end_line(writer);
	add_error(writer, &plan, 1);
}

static bool is_icmp(const struct generate_plan *plan)
{
	return plan->fields[FIELD_PROTOCOL].low == PROTOCOL_ICMP || plan->fields[FIELD_PROTOCOL].low == PROTOCOL_ICMPV6;
}

void generate_talk_backwards(struct generate_writer *writer, struct generate_plan plan, const struct extent_box *box)
{
	if (box->first[FIELD_CTSTATE].low <= STATE_NEW && box->last[FIELD_CTSTATE].low >= STATE_NEW)
		return;
	if (is_icmp(&plan) || box->first[FIELD_CTSTATE].low == STATE_RELATED) {
		talk_related(writer, plan);
	} else {
		turn(&plan);
		generate_talk(writer, &plan);
	}
}

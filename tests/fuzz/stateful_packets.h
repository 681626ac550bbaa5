/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_stateful: the steps that are packets. */
#ifndef TESTS_FUZZ_STATEFUL_PACKETS_H
#define TESTS_FUZZ_STATEFUL_PACKETS_H

#include "stateful_play.h"

static void deliver(struct run *run)
{
	segments_decode(&run->packet, run->bytes, run->len, run->len);
	run->packet.number++;
	simulator_replay(run->simulator, &run->packet);
}

static void send(struct run *run, const struct tuple *tuple, uint32_t l4_len)
{
	uint32_t ip_len = segments_put_ip(run->bytes, tuple, l4_len);

	run->len = ip_len + l4_len;
	segments_decode(&run->packet, run->bytes, run->len, run->len);
	segments_put_checksum(&run->packet, run->bytes, ip_len);
	deliver(run);
}

/* Flags are step[3]; payload and how far the numbers are from where they should be, step[4] and step[5]. */
static void send_tcp(struct run *run, const struct tuple *tuple, const uint8_t *step)
{
	uint8_t *l4 = run->bytes + IPV4_HEADER_LEN;
	uint32_t *next = &run->next[tuple->source.word[0] & 7], payload_len = step[4] & 31;

	memset(l4, 0, 20 + payload_len);
	put16(l4, tuple->source_port);
	put16(l4 + 2, tuple->destination_port);
	put32(l4 + 4, *next + (step[4] >> 5) * 3000u);
	put32(l4 + 8, step[3] & TCP_ACK ? run->next[tuple->destination.word[0] & 7] + (uint32_t)(int8_t)step[5] * 100u : 0);
	l4[12] = 0x50;
	l4[13] = step[3];
	put16(l4 + 14, 4000);
	*next += payload_len + !!(step[3] & TCP_SYN) + !!(step[3] & TCP_FIN);
	if (tuple->destination_port == 21 && payload_len >= 28)
		memcpy(l4 + 20, "PORT 10,0,1,2,156,64\r\n      ", 28);
	send(run, tuple, 20 + payload_len);
}

static void send_udp(struct run *run, const struct tuple *tuple, const uint8_t *step)
{
	uint8_t *l4 = run->bytes + IPV4_HEADER_LEN;
	uint32_t len = 8 + (step[4] & 31u);

	memset(l4, step[3], len);
	put16(l4, tuple->source_port);
	put16(l4 + 2, tuple->destination_port);
	put16(l4 + 4, len);
	send(run, tuple, len);
}

static void send_icmp(struct run *run, const struct tuple *tuple, const uint8_t *step)
{
	static const uint8_t types[] = { 8, 0, 13, 14, 17, 18, 8, 0 };
	uint8_t *l4 = run->bytes + IPV4_HEADER_LEN;

	memset(l4, 0, 16);
	l4[0] = types[step[3] & 7];
	put16(l4 + 4, step[4] & 3);
	put16(l4 + 6, step[5]);
	send(run, tuple, 16);
}

static void send_sctp(struct run *run, const struct tuple *tuple, const uint8_t *step)
{
	static const uint8_t chunks[] = { 1, 2, 10, 11, 0, 3, 7, 8, 14, 6, 4, 5, 9, 0, 0, 12 };
	uint8_t *l4 = run->bytes + IPV4_HEADER_LEN;

	memset(l4, 0, 32);
	put16(l4, tuple->source_port);
	put16(l4 + 2, tuple->destination_port);
	put32(l4 + 4, (step[3] & 15) == 0 ? 0 : step[4] & 128 ? step[5] : 7);
	l4[12] = chunks[step[3] & 15];
	l4[13] = step[3] >> 7;
	put16(l4 + 14, 20);
	put32(l4 + 16, 7);
	send(run, tuple, 32);
}

static void send_gre(struct run *run, const struct tuple *tuple, const uint8_t *step)
{
	uint8_t *l4 = run->bytes + IPV4_HEADER_LEN;

	memset(l4, 0, 16);
	put32(l4, step[3] & 1 ? 0x3001880b : 0x00000800);
	put16(l4 + 6, step[4] & 3);
	send(run, tuple, 16);
}

/* A piece of a datagram: its number is step[3], offset and whether more follows, step[4]. */
static void send_fragment(struct run *run, const uint8_t *step)
{
	struct tuple tuple = flow_of(step, PROTOCOL_UDP);
	uint32_t len = 8 * (1 + (step[5] & 7u)), offset = step[4] & 15;
	uint8_t *header = run->bytes;

	memset(run->bytes + IPV4_HEADER_LEN, step[5], len);
	if (offset == 0) {
		put16(run->bytes + IPV4_HEADER_LEN, tuple.source_port);
		put16(run->bytes + IPV4_HEADER_LEN + 2, tuple.destination_port);
		put16(run->bytes + IPV4_HEADER_LEN + 6, 0);
	}
	run->len = segments_put_ip(run->bytes, &tuple, len) + len;
	put16(header + 4, step[3]);
	put16(header + 6, (step[4] & 128 ? 0x2000u : 0) | offset);
	put16(header + 10, 0);
	put16(header + 10, checksum_finish(checksum_add(0, header, IPV4_HEADER_LEN)));
	deliver(run);
}

/* What has left comes back, as its receiver would answer it. */
static void answer(struct run *run, const uint8_t *step)
{
	struct packet left;
	struct tuple tuple;

	packet_init(&left);
	segments_decode(&left, run->left, run->left_len, run->left_len);
	tuple = (struct tuple){
		.source = left.destination, .destination = left.source, .source_port = left.destination_port,
		.destination_port = left.source_port, .protocol = left.protocol, .family = FAMILY_IPV4,
	};
	if (left.protocol == PROTOCOL_TCP) {
		run->next[left.source.word[0] & 7] = left.tcp_sequence + 1;
		send_tcp(run, &tuple, step);
	} else if (left.protocol == PROTOCOL_UDP) {
		send_udp(run, &tuple, step);
	} else if (left.protocol == PROTOCOL_ICMP && run->left_len - IPV4_HEADER_LEN >= 8) {
		memcpy(run->bytes + IPV4_HEADER_LEN, run->left + IPV4_HEADER_LEN, run->left_len - IPV4_HEADER_LEN);
		run->bytes[IPV4_HEADER_LEN] = (uint8_t)(left.icmp_type == 8 ? 0 : left.icmp_type + 1);
		send(run, &tuple, run->left_len - IPV4_HEADER_LEN);
	} else if (left.protocol == PROTOCOL_SCTP) {
		send_sctp(run, &tuple, step);
	}
	packet_clear(&left);
}

/* Somebody complains about what has left. */
static void send_error(struct run *run, const uint8_t *step)
{
	static const uint8_t types[] = { 3, 11, 12, 5, 4, 3, 3, 11 };
	uint32_t quoted = run->left_len < 28u + (step[4] & 31) ? run->left_len : 28u + (step[4] & 31);
	struct tuple tuple = { .source = address_at(step[1]), .protocol = PROTOCOL_ICMP, .family = FAMILY_IPV4 };
	uint8_t *l4 = run->bytes + IPV4_HEADER_LEN;

	tuple.destination = address_from_bytes(FAMILY_IPV4, run->left + 12);
	memset(l4, 0, 8);
	l4[0] = types[step[3] & 7];
	l4[1] = step[3] >> 4;
	memcpy(l4 + 8, run->left, quoted);
	send(run, &tuple, 8 + quoted);
}

static void take_step(struct run *run, const uint8_t *step)
{
	enum deed deed = (enum deed)(step[0] % DEED_COUNT);
	struct tuple tuple;

	run->packet.time.ns += step_ns(step);
	switch (deed) {
	case DEED_TCP:
		tuple = flow_of(step, PROTOCOL_TCP);
		send_tcp(run, &tuple, step);
		break;
	case DEED_UDP:
		tuple = flow_of(step, PROTOCOL_UDP);
		send_udp(run, &tuple, step);
		break;
	case DEED_ICMP:
		tuple = flow_of(step, PROTOCOL_ICMP);
		send_icmp(run, &tuple, step);
		break;
	case DEED_SCTP:
		tuple = flow_of(step, PROTOCOL_SCTP);
		send_sctp(run, &tuple, step);
		break;
	case DEED_GRE:
		tuple = flow_of(step, PROTOCOL_GRE);
		send_gre(run, &tuple, step);
		break;
	case DEED_FRAGMENT:
		send_fragment(run, step);
		break;
	case DEED_ANSWER:
	case DEED_ANSWER_AGAIN:
		if (run->left_len)
			answer(run, step);
		break;
	case DEED_ERROR:
		if (run->left_len)
			send_error(run, step);
		break;
	case DEED_REPEAT:
		if (run->len)
			deliver(run);
		break;
	default:
		break;
	}
}

#endif

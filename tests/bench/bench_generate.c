/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes a capture to measure with: N frames over F live flows in random order, both directions of each flow. Deterministic.
 * Times 1 microsecond apart.
 *
 *     bench_generate FILE [FRAMES [FLOWS [KIND [open]]]]
 *
 * KIND: udp: frames of 60 bytes; large: UDP in frames of 1,400 bytes; tcp: every other flow is TCP, conversation after
 * conversation from SYN to the last ACK, in frames of 60 bytes. open: the first FLOWS frames open one flow each, so that all live.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

enum { FRAME_LEN = 60, LARGE_LEN = 1400, ETHERNET_LEN = 14, IP_LEN = 20, UDP_LEN = 8, TCP_LEN = 20 };

/* One packet of a conversation. Sequence numbers count from the SYN of each side. */
struct turn {
	int is_reply;
	uint8_t flags;
	uint8_t sequence, acknowledgment, payload_len;
};

enum { FIN = 1, SYN = 2, PSH = 8, ACK = 16 };

static const struct turn conversation[] = {
	{ 0, SYN, 0, 0, 0 }, { 1, SYN | ACK, 0, 1, 0 }, { 0, ACK, 1, 1, 0 }, { 0, PSH | ACK, 1, 1, 6 }, { 1, ACK, 1, 7, 0 },
	{ 1, PSH | ACK, 1, 7, 6 }, { 0, ACK, 7, 7, 0 }, { 0, PSH | ACK, 7, 7, 6 }, { 1, PSH | ACK, 7, 13, 6 },
	{ 0, FIN | ACK, 13, 13, 0 }, { 1, FIN | ACK, 13, 14, 0 }, { 0, ACK, 14, 14, 0 },
};

enum { N_TURNS = sizeof(conversation) / sizeof(conversation[0]) };

static void put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value);
}

static uint32_t sum(const uint8_t *bytes, size_t len)
{
	uint32_t total = 0;

	for (size_t i = 0; i + 1 < len; i += 2)
		total += (uint32_t)(bytes[i] << 8 | bytes[i + 1]);
	return total;
}

static uint16_t finish(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return (uint16_t)~total;
}

/* Flow f: client 10.(1 + f / 60000).x.y with its own port, to one of 16 servers' neutral ports. Layer 4 begins with the ports. */
static void make_headers(uint8_t *frame, uint32_t flow, int is_reply, uint8_t protocol, uint32_t ip_len)
{
	uint8_t *ip = frame + ETHERNET_LEN, *l4 = ip + IP_LEN;
	uint32_t client = 0x0a010000u + flow / 28, server = 0xc0a80101u + flow % 16;
	uint32_t client_port = 20000 + flow % 28, server_port = 7000 + flow % 7;

	memset(frame, 0, ip_len + ETHERNET_LEN < FRAME_LEN ? FRAME_LEN : ip_len + ETHERNET_LEN);
	memcpy(frame, "\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0", ETHERNET_LEN);
	ip[0] = 0x45;
	put16(ip + 2, ip_len);
	ip[8] = 64;
	ip[9] = protocol;
	put32(ip + 12, is_reply ? server : client);
	put32(ip + 16, is_reply ? client : server);
	put16(ip + 10, finish(sum(ip, IP_LEN)));
	put16(l4, is_reply ? server_port : client_port);
	put16(l4 + 2, is_reply ? client_port : server_port);
}

static uint16_t l4_checksum(const uint8_t *frame, uint32_t len)
{
	const uint8_t *ip = frame + ETHERNET_LEN;

	return finish(sum(ip + 12, 8) + ip[9] + len + sum(ip + IP_LEN, len));
}

static uint32_t make_udp(uint8_t *frame, uint32_t flow, int is_reply, uint32_t frame_len)
{
	uint8_t *udp = frame + ETHERNET_LEN + IP_LEN;
	uint32_t len = frame_len - ETHERNET_LEN - IP_LEN;

	make_headers(frame, flow, is_reply, 17, frame_len - ETHERNET_LEN);
	put16(udp + 4, len);
	put16(udp + 6, l4_checksum(frame, len));
	return frame_len;
}

static uint32_t make_tcp(uint8_t *frame, uint32_t flow, uint32_t n_before)
{
	const struct turn *turn = &conversation[n_before % N_TURNS];
	uint8_t *tcp = frame + ETHERNET_LEN + IP_LEN;
	uint32_t base = n_before / N_TURNS * 100000, len = TCP_LEN + turn->payload_len;

	make_headers(frame, flow, turn->is_reply, 6, IP_LEN + len);
	put32(tcp + 4, base + turn->sequence);
	put32(tcp + 8, turn->flags & ACK ? base + turn->acknowledgment : 0);
	tcp[12] = TCP_LEN / 4 << 4;
	tcp[13] = turn->flags;
	put16(tcp + 14, 8000);
	put16(tcp + 16, l4_checksum(frame, len));
	return FRAME_LEN;
}

static void put_native(FILE *file, uint32_t value)
{
	fwrite(&value, sizeof(value), 1, file);
}

static void put_file_header(FILE *file)
{
	put_native(file, 0xa1b2c3d4u);
	put_native(file, 4u << 16 | 2);	/* version 2.4 */
	put_native(file, 0);
	put_native(file, 0);
	put_native(file, 65535);
	put_native(file, 1);		/* Ethernet */
}

static void write_frames(FILE *file, uint64_t n_frames, uint32_t n_flows, const char *kind, int opens_first)
{
	uint32_t *n_sent = calloc(n_flows, sizeof(*n_sent));	/* by each flow, so far */
	uint32_t udp_len = strcmp(kind, "large") == 0 ? LARGE_LEN : FRAME_LEN;
	int has_tcp = strcmp(kind, "tcp") == 0;
	uint8_t frame[LARGE_LEN];
	struct random random;

	random_init(&random, 1);
	put_file_header(file);
	for (uint64_t i = 0; i < n_frames && n_sent; i++) {
		uint64_t drawn = random_u64(&random);
		int is_opening = opens_first && i < n_flows;
		uint32_t flow = is_opening ? (uint32_t)i : (uint32_t)(drawn % n_flows), len;

		if (has_tcp && flow % 2)
			len = make_tcp(frame, flow, n_sent[flow]++);
		else
			len = make_udp(frame, flow, !is_opening && drawn >> 63, udp_len);
		put_native(file, (uint32_t)(1700000000u + i / 1000000));
		put_native(file, (uint32_t)(i % 1000000));
		put_native(file, len);
		put_native(file, len);
		fwrite(frame, len, 1, file);
	}
	free(n_sent);
}

int main(int argc, char **argv)
{
	uint64_t n_frames = argc > 2 ? strtoull(argv[2], NULL, 10) : 2000000;
	uint32_t n_flows = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 100000;
	const char *kind = argc > 4 ? argv[4] : "udp";
	FILE *file = argc > 1 ? fopen(argv[1], "wb") : NULL;

	if (!file || !n_flows) {
		fprintf(stderr, "usage: bench_generate FILE [FRAMES [FLOWS [udp|large|tcp [open]]]]\n");
		return 2;
	}
	write_frames(file, n_frames, n_flows, kind, argc > 5 && strcmp(argv[5], "open") == 0);
	if (fclose(file) != 0) {
		perror(argv[1]);
		return 3;
	}
	return 0;
}

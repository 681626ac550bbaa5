/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes a capture to measure with: N frames of 60 bytes, UDP, over F live flows in
 * random order; both directions of each flow. Deterministic. Times 1 microsecond apart.
 *
 *     bench_generate FILE [FRAMES [FLOWS]]
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

enum { FRAME_LEN = 60, ETHERNET_LEN = 14, IP_LEN = 20, UDP_LEN = 8, PAYLOAD_LEN = FRAME_LEN - ETHERNET_LEN - IP_LEN - UDP_LEN };

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

/* Flow f: client 10.(1 + f / 60000).x.y with its own port, to one of 16 servers' neutral ports. */
static void make_frame(uint8_t *frame, uint32_t flow, int is_reply)
{
	uint8_t *ip = frame + ETHERNET_LEN, *udp = ip + IP_LEN;
	uint32_t client = 0x0a010000u + flow / 28, server = 0xc0a80101u + flow % 16;
	uint32_t client_port = 20000 + flow % 28, server_port = 7000 + flow % 7;

	memset(frame, 0, FRAME_LEN);
	memcpy(frame, "\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0", ETHERNET_LEN);
	ip[0] = 0x45;
	put16(ip + 2, FRAME_LEN - ETHERNET_LEN);
	ip[8] = 64;
	ip[9] = 17;
	put32(ip + 12, is_reply ? server : client);
	put32(ip + 16, is_reply ? client : server);
	put16(ip + 10, finish(sum(ip, IP_LEN)));
	put16(udp, is_reply ? server_port : client_port);
	put16(udp + 2, is_reply ? client_port : server_port);
	put16(udp + 4, UDP_LEN + PAYLOAD_LEN);
	put16(udp + 6, finish(sum(ip + 12, 8) + 17 + UDP_LEN + PAYLOAD_LEN + sum(udp, UDP_LEN + PAYLOAD_LEN)));
}

static void put_native(FILE *file, uint32_t value)
{
	fwrite(&value, sizeof(value), 1, file);
}

int main(int argc, char **argv)
{
	uint64_t n_frames = argc > 2 ? strtoull(argv[2], NULL, 10) : 2000000;
	uint32_t n_flows = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 100000;
	FILE *file = argc > 1 ? fopen(argv[1], "wb") : NULL;
	uint8_t frame[FRAME_LEN];
	struct random random;

	if (!file || !n_flows) {
		fprintf(stderr, "usage: bench_generate FILE [FRAMES [FLOWS]]\n");
		return 2;
	}
	random_init(&random, 1);
	put_native(file, 0xa1b2c3d4u);
	put_native(file, 4u << 16 | 2);	/* version 2.4 */
	put_native(file, 0);
	put_native(file, 0);
	put_native(file, 65535);
	put_native(file, 1);		/* Ethernet */
	for (uint64_t i = 0; i < n_frames; i++) {
		uint64_t drawn = random_u64(&random);

		make_frame(frame, (uint32_t)(drawn % n_flows), (int)(drawn >> 63));
		put_native(file, (uint32_t)(1700000000u + i / 1000000));
		put_native(file, (uint32_t)(i % 1000000));
		put_native(file, FRAME_LEN);
		put_native(file, FRAME_LEN);
		fwrite(frame, sizeof(frame), 1, file);
	}
	if (fclose(file) != 0) {
		perror(argv[1]);
		return 3;
	}
	return 0;
}

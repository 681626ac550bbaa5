/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario [--plain] SEED DIRECTORY: writes packets.pcap, rules, perhaps rules6, args (options for ctreplay)
 * and oracle-args (options for the program that asks the kernel), one word a line.
 */
#include "scenario.h"

#include <stdlib.h>
#include <string.h>

uint32_t pick(struct scenario *scenario, uint32_t n)
{
	return (uint32_t)(random_u64(&scenario->random) >> 16) % n;
}

bool chance(struct scenario *scenario, unsigned percent)
{
	return pick(scenario, 100) < percent;
}

int64_t pick_ns(struct scenario *scenario, int64_t low, int64_t high)
{
	uint64_t span = (uint64_t)(high - low) / 1000 + 1;

	return low + (int64_t)((random_u64(&scenario->random) >> 1) % span) * 1000;
}

int64_t pick_gap(struct scenario *scenario)
{
	if (scenario->sleeps)
		return pick_ns(scenario, 1 * MS, 60 * MS);
	return chance(scenario, 70) ? pick_ns(scenario, 1 * MS, 90 * MS) : pick_ns(scenario, 90 * MS, 1400 * MS);
}

/* Just before or after what entries live (never within 20 ms of it), or any time. */
int64_t pick_silence(struct scenario *scenario)
{
	static const int lives[] = { 10, 30, 30, 60, 120, 120, 180, 300, 600, 432000 };
	int64_t life = lives[pick(scenario, sizeof(lives) / sizeof(lives[0]))] * SECOND;

	if (scenario->sleeps)
		return pick_ns(scenario, 100 * MS, 400 * MS);
	switch (pick(scenario, 5)) {
	case 0:
	case 1:
		return life - pick_ns(scenario, 25 * MS, 900 * MS);
	case 2:
	case 3:
		return life + pick_ns(scenario, 25 * MS, 900 * MS);
	default:
		return chance(scenario, 85) ? pick_ns(scenario, 3 * SECOND, 400 * SECOND) : pick_ns(scenario, DAY, 6 * DAY);
	}
}

static void fill_group_mac(uint8_t *mac, const struct ip_packet *packet)
{
	static const uint8_t everyone[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	const uint8_t *to = packet->bytes + (packet->bytes[0] >> 4 == 4 ? 16 : 24);

	if (packet->bytes[0] >> 4 == 6 && to[0] == 0xff) {
		put16(mac, 0x3333);
		memcpy(mac + 2, to + 12, 4);
	} else if (packet->bytes[0] >> 4 == 4 && (to[0] & 0xf0) == 0xe0) {
		memcpy(mac, "\x01\x00\x5e", 3);
		mac[3] = to[1] & 0x7f;
		memcpy(mac + 4, to + 2, 2);
	} else if (packet->bytes[0] >> 4 == 4 && to[3] == 255) {
		memcpy(mac, everyone, 6);
	}
}

size_t put_packet(struct scenario *scenario, int64_t time_ns, const struct ip_packet *packet, const struct node *from)
{
	static const uint8_t host_mac[6] = { 2, 0, 0, 0, 0, 1 }, peer_mac[6] = { 2, 0xaa, 0, 0, 0, 1 };
	struct frame *frame;

	if (scenario->n_frames == MOST_FRAMES)
		return 0;
	frame = &scenario->frames[scenario->n_frames];
	frame->time_ns = time_ns;
	frame->order = (unsigned)scenario->n_frames;
	memcpy(frame->bytes, from->is_host ? peer_mac : host_mac, 6);
	memcpy(frame->bytes + 6, from->is_host ? host_mac : from->mac, 6);
	put16(frame->bytes + 12, packet->bytes[0] >> 4 == 4 ? 0x0800 : 0x86dd);
	fill_group_mac(frame->bytes, packet);
	memcpy(frame->bytes + 14, packet->bytes, packet->len);
	frame->len = 14 + packet->len;
	return ++scenario->n_frames;
}

void pick_pair(struct scenario *scenario, int family, const struct node **a, const struct node **b)
{
	const struct node *here, *there, *swap;

	if (family == 6) {
		here = &scenario->host6;
		there = &scenario->outer6[pick(scenario, (uint32_t)scenario->n_outer6)];
	} else if (scenario->is_router && chance(scenario, 75)) {
		here = &scenario->inner[pick(scenario, (uint32_t)scenario->n_inner)];
		there = &scenario->outer[pick(scenario, (uint32_t)scenario->n_outer)];
	} else {
		bool is_inner = scenario->is_router && chance(scenario, 50);

		here = is_inner ? &scenario->host4_inner : &scenario->host4;
		there = is_inner ? &scenario->inner[pick(scenario, (uint32_t)scenario->n_inner)]
				 : &scenario->outer[pick(scenario, (uint32_t)scenario->n_outer)];
	}
	if (chance(scenario, 60)) {
		swap = here;
		here = there;
		there = swap;
	}
	*a = here;
	*b = there;
}

static void make_world(struct scenario *scenario, uint64_t seed)
{
	static const char *const outer[] = { "10.0.0.2", "10.0.0.7", "10.0.0.130", "198.51.100.4", "198.51.100.77",
					     "203.0.113.9", "192.0.2.33", "8.8.8.8" };
	static const char *const inner[] = { "192.168.1.10", "192.168.1.20", "192.168.1.131" };
	static const char *const outer6[] = { "fd00::2", "fd00::beef", "2001:db8::9", "2001:db8:1::53" };

	random_init(&scenario->random, seed);
	scenario->is_router = pick(scenario, 3) == 0;
	scenario->has_ipv6 = chance(scenario, 35);
	scenario->sleeps = chance(scenario, 3);
	scenario->host4 = make_node(4, "10.0.0.1", 0);
	scenario->host4_inner = make_node(4, "192.168.1.1", 0);
	scenario->host6 = make_node(6, "fd00::1", 0);
	scenario->host4.is_host = scenario->host4_inner.is_host = scenario->host6.is_host = true;
	scenario->n_outer = 2 + pick(scenario, 4);
	for (size_t i = 0; i < scenario->n_outer; i++) {
		unsigned which = (unsigned)((i * 3 + seed) % (sizeof(outer) / sizeof(outer[0])));

		scenario->outer[i] = make_node(4, outer[which], 0x10 + which);
	}
	scenario->n_inner = sizeof(inner) / sizeof(inner[0]);
	for (unsigned i = 0; i < scenario->n_inner; i++)
		scenario->inner[i] = make_node(4, inner[i], 0x40 + i);
	scenario->n_outer6 = sizeof(outer6) / sizeof(outer6[0]);
	for (unsigned i = 0; i < scenario->n_outer6; i++)
		scenario->outer6[i] = make_node(6, outer6[i], 0x60 + i);
}

static void converse_once(struct scenario *scenario, int family, int64_t start_ns)
{
	uint32_t kind = pick(scenario, 100);

	if (kind < 47)
		converse_tcp(scenario, family, start_ns);
	else if (kind < 51)
		flood_syn(scenario, family, start_ns);
	else if (kind < 68)
		converse_udp(scenario, family, start_ns);
	else if (kind < 78)
		converse_echo(scenario, family, start_ns);
	else if (kind < 84)
		converse_odd_icmp(scenario, family, start_ns);
	else if (kind < 88)
		converse_generic(scenario, family, start_ns);
	else if (kind < 94)
		converse_group(scenario, family, start_ns);
	else if (family == 6)
		converse_neighbours(scenario, start_ns);
	else
		knock_ports(scenario, start_ns);
}

static void converse(struct scenario *scenario)
{
	size_t wanted = scenario->sleeps ? 20 : 20 + pick(scenario, 100);

	for (unsigned i = 0; i < 40 && scenario->n_frames < wanted; i++) {
		int family = scenario->has_ipv6 && chance(scenario, 50) ? 6 : 4;
		int64_t latest = scenario->sleeps ? 500 * MS : chance(scenario, 70) ? 8 * SECOND : 700 * SECOND;

		converse_once(scenario, family, pick_ns(scenario, 0, latest));
	}
	add_errors(scenario);
}

static int compare_frames(const void *left, const void *right)
{
	const struct frame *a = left, *b = right;

	if (a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

static FILE *open_in(const char *directory, const char *name)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "wb");
	if (!file) {
		perror(path);
		exit(3);
	}
	return file;
}

static void write_le32(FILE *file, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		fputc((int)(value >> 8 * i & 0xff), file);
}

static void write_capture(struct scenario *scenario, const char *directory)
{
	static const int64_t origin_seconds = 1000000000;
	FILE *file = open_in(directory, "packets.pcap");
	int64_t last = -1;

	qsort(scenario->frames, scenario->n_frames, sizeof(scenario->frames[0]), compare_frames);
	fwrite("\xd4\xc3\xb2\xa1\x02\x00\x04\x00\0\0\0\0\0\0\0\0\0\0\x04\0\x01\0\0\0", 1, 24, file);
	for (size_t i = 0; i < scenario->n_frames; i++) {
		const struct frame *frame = &scenario->frames[i];
		int64_t time_us = frame->time_ns / 1000 > last ? frame->time_ns / 1000 : last + 1;

		last = time_us;
		write_le32(file, (uint32_t)(origin_seconds + time_us / 1000000));
		write_le32(file, (uint32_t)(time_us % 1000000));
		write_le32(file, (uint32_t)frame->len);
		write_le32(file, (uint32_t)frame->len);
		fwrite(frame->bytes, 1, frame->len, file);
	}
	fclose(file);
}

static void write_arguments(const struct scenario *scenario, const char *directory)
{
	FILE *ours = open_in(directory, "args"), *theirs = open_in(directory, "oracle-args");

	fprintf(ours, "--local\n10.0.0.1/24@eth0\n");
	fprintf(theirs, "--local\n10.0.0.1/24@eth0\n");
	if (scenario->has_ipv6) {
		fprintf(ours, "--local\nfd00::1/64@eth0\n");
		fprintf(theirs, "--local\nfd00::1/64@eth0\n");
	}
	if (scenario->is_router) {
		fprintf(ours, "--local\n192.168.1.1/24@eth1\n--route\ndefault@eth0\n");
		fprintf(theirs, "--local\n192.168.1.1/24@eth1\n");
	}
	fprintf(theirs, "--iface\neth0=0.0.0.0/0,::/0\n");
	if (scenario->is_router)
		fprintf(theirs, "--iface\neth1=192.168.1.0/24\n");
	if (scenario->sleeps)
		fprintf(theirs, "--time\nsleep\n");
	else if (scenario->exact_timers)
		fprintf(theirs, "--exact-timers\n");
	fclose(ours);
	fclose(theirs);
}

int main(int argc, char **argv)
{
	bool is_plain = argc == 4 && strcmp(argv[1], "--plain") == 0;
	struct scenario *scenario;
	FILE *file;

	argv += is_plain;
	argc -= is_plain;
	if (argc != 3) {
		fprintf(stderr, "usage: scenario [--plain] SEED DIRECTORY\n");
		return 2;
	}
	scenario = calloc(1, sizeof(*scenario));
	if (!scenario)
		return 3;
	scenario->is_plain = is_plain;
	make_world(scenario, strtoull(argv[1], NULL, 10));
	converse(scenario);
	write_capture(scenario, argv[2]);
	file = open_in(argv[2], "rules");
	write_rules(scenario, 4, file);
	fclose(file);
	if (scenario->has_ipv6) {
		file = open_in(argv[2], "rules6");
		write_rules(scenario, 6, file);
		fclose(file);
	}
	write_arguments(scenario, argv[2]);
	free(scenario);
	return 0;
}

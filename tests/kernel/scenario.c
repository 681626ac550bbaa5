/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario SEED DIRECTORY: writes packets.pcap, rules, perhaps rules6, args (options for ctreplay, one word a line), areas and
 * clock (see write_notes()).
 */
#include "scenario.h"

#include <stdlib.h>

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

static void write_capture(const struct scenario *scenario, const char *directory)
{
	static const int64_t origin_seconds = 1000000000;
	FILE *file = open_in(directory, "packets.pcap");
	int64_t last = -1;

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

/* The area of each packet, a line each; an empty file "clock" where rules read the kernel's clock. */
static void write_notes(const struct scenario *scenario, const char *directory)
{
	FILE *file = open_in(directory, "areas");

	for (size_t i = 0; i < scenario->n_frames; i++)
		fprintf(file, "%s\n", scenario->frames[i].area);
	fclose(file);
	if (scenario->reads_clock)
		fclose(open_in(directory, "clock"));
}

int main(int argc, char **argv)
{
	struct scenario *scenario;
	FILE *file;

	if (argc != 3) {
		fprintf(stderr, "usage: scenario SEED DIRECTORY\n");
		return 2;
	}
	scenario = calloc(1, sizeof(*scenario));
	if (!scenario)
		return 3;
	make_scenario(scenario, strtoull(argv[1], NULL, 10));
	write_capture(scenario, argv[2]);
	file = open_in(argv[2], "rules");
	write_rules(scenario, 4, file);
	fclose(file);
	if (scenario->has_ipv6) {
		file = open_in(argv[2], "rules6");
		write_rules(scenario, 6, file);
		fclose(file);
	}
	file = open_in(argv[2], "args");
	write_arguments(scenario, file);
	fclose(file);
	write_notes(scenario, argv[2]);
	free(scenario);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as a capture file, plain or compressed: packets come, or one line that names the file. Read again, by a reader that takes a
 * descriptor of its own in the middle, as a copy of the process would, they are the same.
 */
#include "files.h"

#include "capture/reader.h"
#include "packet/decode.h"

const char *const fuzz_known[] = { "tests/fuzz/corpus/capture", NULL };

enum { MOST_PACKETS = 10000 };	/* of a small file that unfolds to a large one */

static void check_message(const struct text *error, const char *path)
{
	MUST(strncmp(text_string(error), path, strlen(path)) == 0);
	MUST(!memchr(text_string(error), '\n', error->len));
}

/* A sum of what came. */
static uint64_t read_packets(struct packet_source *source, const char *path, int resumed_after)
{
	uint64_t sum = 0;
	enum packet_source_result result = PACKET_SOURCE_END;
	struct vtime latest = { .ns = 0 };
	struct packet packet;

	packet_init(&packet);
	for (int i = 0; i < MOST_PACKETS; i++) {
		result = packet_source_next(source, &packet);
		if (result != PACKET_SOURCE_PACKET)
			break;
		MUST(packet.number == (uint64_t)i + 1 && !vtime_is_before(packet.time, latest));
		latest = packet.time;
		sum = sum * 31 + packet.captured_len + (uint64_t)packet.time.ns;
		for (uint32_t at = 0; at < packet.captured_len; at++)
			sum = sum * 31 + packet.frame[at];
		if (i == resumed_after) {
			packet_source_mark(source);
			MUST(packet_source_resume(source));
		}
		decode_frame(&packet, source->link_type);
	}
	if (result == PACKET_SOURCE_ERROR) {
		check_message(&source->error, path);
		MUST(packet_source_next(source, &packet) == PACKET_SOURCE_ERROR);
	}
	packet_clear(&packet);
	packet_source_close(source);
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *path;
	struct packet_source *source;
	struct text error;

	path = files_write(data, len);
	text_init(&error);
	source = reader_open(path, NULL, &error);
	if (source) {
		uint64_t sum = read_packets(source, path, -1);

		source = reader_open(path, NULL, &error);
		MUST(source && read_packets(source, path, len % 4) == sum);
	} else {
		check_message(&error, path);
	}
	text_clear(&error);
	return 0;
}

#include "replay.h"

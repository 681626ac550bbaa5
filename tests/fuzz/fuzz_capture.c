/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a capture file, plain or compressed: packets come, or one line that names the file. */
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

static void read_packets(struct packet_source *source, const char *path)
{
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
		decode_frame(&packet, source->link_type);
	}
	if (result == PACKET_SOURCE_ERROR) {
		check_message(&source->error, path);
		MUST(packet_source_next(source, &packet) == PACKET_SOURCE_ERROR);
	}
	packet_clear(&packet);
	packet_source_close(source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *path;
	struct packet_source *source;
	struct text error;

	path = files_write(data, len);
	text_init(&error);
	source = reader_open(path, NULL, &error);
	if (source)
		read_packets(source, path);
	else
		check_message(&error, path);
	text_clear(&error);
	return 0;
}

#include "replay.h"

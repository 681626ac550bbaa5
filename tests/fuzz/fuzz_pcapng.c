/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pcapng as it is built, not as bytes: sections of either byte order, interfaces of several link types, packets in every kind of
 * block, and options. Lengths and padding are right, so that what stands inside is reached. Every packet that the reader
 * hands out must be the one that was written there: its bytes, and the interface, comments and direction that the file says.
 * Where damage was asked for, packets come or one line that names the file.
 *
 * Input: a byte that says whether a length is wrong, then blocks: a byte that chooses, and what that block takes of the rest.
 */
#include "capture/reader.h"
#include "files.h"
#include "packet/decode.h"

const char *const fuzz_known[] = { "tests/fuzz/corpus/pcapng", NULL };

enum {
	MOST_BYTES = 1 << 16, MOST_PACKETS = 200, MOST_INTERFACES = 8, LONGEST_COMMENTS = 512, LONGEST_VALUE = 63,
	OPTION_COMMENT = 1, OPTION_NAME = 2, OPTION_FLAGS = 2,
	COOKED = 113, COOKED_2 = 276,	/* LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2 */
};

/* A packet as the file says it. */
struct written {
	uint8_t frame[LONGEST_VALUE];
	uint32_t len;
	char comments[LONGEST_COMMENTS];
	size_t comments_len;
	char name[LONGEST_VALUE + 1];
	enum link_direction direction;
	bool has_flags;			/* the first of them counts */
};

struct build {
	const uint8_t *at, *end;	/* what is left of the input */
	uint8_t bytes[MOST_BYTES];	/* the file */
	size_t len, block;		/* block: where the one at hand begins */
	uint8_t damage;
	bool is_big_endian;
	char names[MOST_INTERFACES][LONGEST_VALUE + 1];
	uint16_t link_types[MOST_INTERFACES];
	size_t n_interfaces;
	struct written packets[MOST_PACKETS];
	size_t n_packets;
};

static uint8_t take(struct build *build)
{
	return build->at < build->end ? *build->at++ : 0;
}

static void put(struct build *build, uint32_t value, unsigned n_bytes)
{
	for (unsigned i = 0; i < n_bytes; i++)
		build->bytes[build->len++] = (uint8_t)(value >> 8 * (build->is_big_endian ? n_bytes - 1 - i : i));
}

static uint32_t take_bytes(struct build *build, uint8_t *bytes, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++)
		bytes[i] = take(build);
	return len;
}

static void put_padded(struct build *build, const uint8_t *bytes, uint32_t len)
{
	memcpy(build->bytes + build->len, bytes, len);
	memset(build->bytes + build->len + len, 0, 3);
	build->len += (len + 3) & ~3u;
}

static void begin_block(struct build *build, uint32_t type)
{
	build->block = build->len;
	put(build, type, 4);
	put(build, 0, 4);
}

/* The length in front and behind; once in the file, a wrong one if that was asked for. */
static void end_block(struct build *build)
{
	size_t end = build->len;
	uint32_t total = (uint32_t)(end + 4 - build->block);

	if (build->damage && build->at == build->end) {
		total += build->damage;
		build->damage = 0;
	}
	build->len = build->block + 4;
	put(build, total, 4);
	build->len = end;
	put(build, total, 4);
}

static void note_option(struct build *build, uint16_t code, const uint8_t *value, uint32_t len, struct written *packet)
{
	static const enum link_direction directions[4] = { LINK_UNKNOWN, LINK_IN, LINK_OUT, LINK_UNKNOWN };
	size_t comment_len = strnlen((const char *)value, len);

	if (code == OPTION_COMMENT && len && packet->comments_len + comment_len + 2 < LONGEST_COMMENTS) {
		memcpy(packet->comments + packet->comments_len, value, comment_len);
		packet->comments_len += comment_len + 1;	/* its end is there */
	}
	if (code == OPTION_FLAGS && !packet->has_flags && len == 4)
		packet->direction = directions[value[build->is_big_endian ? 3 : 0] & 3];
	packet->has_flags |= code == OPTION_FLAGS;
}

/* Up to seven options; a packet's, or an interface's name (NULL: nobody asks), are noted. */
static void put_options(struct build *build, struct written *packet, char *name)
{
	unsigned n = take(build) & 7;
	bool has_name = false;

	for (unsigned i = 0; i < n; i++) {
		uint8_t value[LONGEST_VALUE + 1] = { 0 };
		uint16_t code = take(build) & 31;
		uint32_t len = take_bytes(build, value, take(build) & LONGEST_VALUE);

		/* An end is not to be in the middle, and times as they are counted by libpcap alone are its own affair. */
		if (code == 0 || (name && (code == 9 || code == 14)))
			code = 12;
		put(build, code, 2);
		put(build, len, 2);
		put_padded(build, value, len);
		if (packet)
			note_option(build, code, value, len, packet);
		if (name && code == OPTION_NAME && !has_name) {
			memcpy(name, value, sizeof(value));
			has_name = true;
		}
	}
	if (n)
		put(build, 0, 4);
}

static void put_section(struct build *build)
{
	build->is_big_endian = take(build) & 1;
	build->n_interfaces = 0;
	begin_block(build, 0x0a0d0d0a);
	put(build, 0x1a2b3c4d, 4);
	put(build, 1, 2);
	put(build, 0, 2);
	put(build, UINT32_MAX, 4);
	put(build, UINT32_MAX, 4);
	put_options(build, NULL, NULL);
	end_block(build);
}

static void put_interface(struct build *build)
{
	static const uint16_t link_types[8] = { 1, 1, 1, 1, 101, COOKED, COOKED_2, 108 };
	uint16_t *link_type = &build->link_types[build->n_interfaces];
	char *name = build->names[build->n_interfaces];

	if (build->n_interfaces == MOST_INTERFACES)
		return;
	build->n_interfaces++;
	memset(name, 0, sizeof(build->names[0]));
	begin_block(build, 1);
	*link_type = link_types[take(build) & 7];
	put(build, *link_type, 2);
	put(build, 0, 2);
	put(build, 262144, 4);
	put_options(build, NULL, name);
	end_block(build);
}

static struct written *begin_packet(struct build *build, size_t interface)
{
	struct written *packet = &build->packets[build->n_packets++];

	memset(packet, 0, sizeof(*packet));
	memcpy(packet->name, build->names[interface], sizeof(packet->name));
	return packet;
}

/*
 * Of frames of a CAN bus in a file of the other byte order libpcap turns the identifier (pcap-util.c, swap_pseudo_headers()), as it likes:
 * there are none.
 */
static uint32_t take_frame(struct build *build, size_t interface, uint8_t *frame)
{
	uint16_t link_type = build->link_types[interface];
	uint8_t *protocol = link_type == COOKED ? frame + 14 : frame;
	uint32_t len = take_bytes(build, frame, take(build) & LONGEST_VALUE);

	if ((link_type == COOKED || link_type == COOKED_2) && !protocol[0] && protocol[1] >= 0x0c && protocol[1] <= 0x0e)
		protocol[0] = 8;
	return len;
}

static void put_packet(struct build *build, bool is_old)
{
	size_t interface = take(build) % build->n_interfaces;
	struct written *packet = begin_packet(build, interface);

	begin_block(build, is_old ? 2 : 6);
	put(build, (uint32_t)interface, is_old ? 2 : 4);
	if (is_old)
		put(build, take(build), 2);
	put(build, 0, 4);
	put(build, (uint32_t)build->n_packets, 4);
	packet->len = take_frame(build, interface, packet->frame);
	put(build, packet->len, 4);
	put(build, packet->len + (take(build) & 3), 4);
	put_padded(build, packet->frame, packet->len);
	put_options(build, packet, NULL);
	end_block(build);
}

static void put_simple_packet(struct build *build)
{
	struct written *packet = begin_packet(build, 0);

	begin_block(build, 3);
	packet->len = take_frame(build, 0, packet->frame);
	put(build, packet->len, 4);
	put_padded(build, packet->frame, packet->len);
	end_block(build);
}

/* Name resolution, statistics, secrets, custom blocks, what nobody knows yet. */
static void put_other(struct build *build)
{
	static const uint32_t types[8] = { 4, 5, 7, 9, 10, 0xbad, 0x40000bad, 0x12345678 };
	uint8_t body[LONGEST_VALUE + 1];

	begin_block(build, types[take(build) & 7]);
	put_padded(build, body, take_bytes(build, body, take(build) & LONGEST_VALUE));
	put_options(build, NULL, NULL);
	end_block(build);
}

static void put_blocks(struct build *build)
{
	put_section(build);
	put_interface(build);
	while (build->at < build->end && build->len < MOST_BYTES - 2048 && build->n_packets < MOST_PACKETS) {
		uint8_t choice = take(build) % 10;

		if (choice == 0)
			put_section(build);
		if (choice < 2)
			put_interface(build);
		else if (choice < 6)
			put_packet(build, false);
		else if (choice == 6)
			put_packet(build, true);
		else if (choice == 7)
			put_simple_packet(build);
		else
			put_other(build);
	}
}

static void check_packet(const struct packet *packet, const struct written *written)
{
	const struct capture_note *note = packet->link.note;

	MUST(packet->captured_len == written->len && memcmp(packet->frame, written->frame, written->len) == 0);
	MUST(strcmp(packet->link.interface_name ? packet->link.interface_name : "", written->name) == 0);
	MUST(note && note->interface);
	MUST((note->comments != NULL) == (written->comments_len != 0));
	MUST(!note->comments || memcmp(note->comments, written->comments, written->comments_len + 1) == 0);
	MUST(packet->link.direction == written->direction);
}

static void check_file(const struct build *build, const char *path, bool is_damaged)
{
	enum packet_source_result result = PACKET_SOURCE_END;
	struct packet_source *source;
	struct packet packet;
	struct text error;
	size_t n = 0;

	text_init(&error);
	packet_init(&packet);
	source = reader_open(path, NULL, &error);
	MUST(source || strncmp(text_string(&error), path, strlen(path)) == 0);
	while (source && (result = packet_source_next(source, &packet)) == PACKET_SOURCE_PACKET) {
		MUST(n < build->n_packets);
		if (!is_damaged)
			check_packet(&packet, &build->packets[n]);
		n++;
		decode_frame(&packet, source->link_type);
	}
	if (source && result == PACKET_SOURCE_ERROR)
		MUST(strncmp(text_string(&source->error), path, strlen(path)) == 0);
	else
		MUST(!source || is_damaged || n == build->n_packets);
	if (source)
		packet_source_close(source);
	packet_clear(&packet);
	text_clear(&error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct build build;

	if (len < 1)
		return 0;
	memset(&build, 0, sizeof(build));
	build.damage = data[0];
	build.at = data + 1;
	build.end = data + len;
	put_blocks(&build);
	check_file(&build, files_write(build.bytes, build.len), data[0] != 0);
	return 0;
}

#include "replay.h"

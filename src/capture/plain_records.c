/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/plain_records.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "clock/vtime.h"

enum { PIECE_LEN = 128 * 1024, FILE_HEADER_LEN = 24, RECORD_HEADER_LEN = 16 };

struct plain_records {
	int file;
	uint32_t snap_len;
	uint32_t fractions;		/* of a second, in which times are counted */
	uint32_t ns_per_fraction;
	off_t place;			/* in the file, of the piece's first byte */
	size_t next, len;		/* in the piece: the next record, and the end of what was read */
	uint8_t piece[PIECE_LEN];
};

/* pcap-savefile(5): the magic number says how times are counted, and by how it looks the byte order. */
static bool read_file_header(struct plain_records *records)
{
	enum { MICROSECONDS = 0xa1b2c3d4, NANOSECONDS = 0xa1b23c4d, MOST_SNAP_LEN = 262144, LINK_TYPE_BITS = 0x0fffffff };
	struct {
		uint32_t magic;
		uint16_t major, minor;
		uint32_t zone, accuracy, snap_len, link_type;
	} header;

	static_assert(sizeof(header) == FILE_HEADER_LEN, "as the file has it");
	if (pread(records->file, &header, sizeof(header), 0) != (ssize_t)sizeof(header) ||
	    (header.magic != MICROSECONDS && header.magic != NANOSECONDS))
		return false;
	records->snap_len = header.snap_len;
	records->fractions = header.magic == NANOSECONDS ? VTIME_NS_PER_SECOND : VTIME_NS_PER_SECOND / 1000;
	records->ns_per_fraction = VTIME_NS_PER_SECOND / records->fractions;
	/* Above the link type may stand that frames end with a checksum. */
	return header.major == 2 && header.minor == 4 && header.snap_len && header.snap_len <= MOST_SNAP_LEN &&
	       !(header.link_type & ~(uint32_t)LINK_TYPE_BITS);
}

struct plain_records *plain_records_open(int file)
{
	struct plain_records *records = alloc_zeroed(1, sizeof(*records));

	records->file = file;
	records->place = FILE_HEADER_LEN;
	if (read_file_header(records) && lseek(file, FILE_HEADER_LEN, SEEK_SET) == FILE_HEADER_LEN)
		return records;
	free(records);
	return NULL;
}

void plain_records_close(struct plain_records *records)
{
	free(records);
}

/* Reads on until at least `wanted` bytes stand behind `next`. */
static bool fill(struct plain_records *records, size_t wanted)
{
	if (wanted > PIECE_LEN)
		return false;
	memmove(records->piece, records->piece + records->next, records->len - records->next);
	records->place += (off_t)records->next;
	records->len -= records->next;
	records->next = 0;
	while (records->len < wanted) {
		ssize_t n = read(records->file, records->piece + records->len, PIECE_LEN - records->len);

		if (n <= 0)
			return false;
		records->len += (size_t)n;
	}
	return true;
}

static inline bool has(struct plain_records *records, size_t wanted)
{
	return records->len - records->next >= wanted || fill(records, wanted);
}

bool plain_records_next(struct plain_records *records, struct plain_record *record, off_t *place)
{
	struct {
		uint32_t seconds, fraction, captured_len, original_len;
	} header;

	static_assert(sizeof(header) == RECORD_HEADER_LEN, "as the file has it");
	if (has(records, sizeof(header))) {
		memcpy(&header, records->piece + records->next, sizeof(header));
		if (header.captured_len <= records->snap_len && header.seconds <= INT32_MAX && header.fraction < records->fractions &&
		    has(records, sizeof(header) + header.captured_len)) {
			record->absolute_ns = (int64_t)header.seconds * VTIME_NS_PER_SECOND +
					      (int64_t)header.fraction * records->ns_per_fraction;
			record->captured_len = header.captured_len;
			record->original_len = header.original_len;
			record->frame = records->piece + records->next + sizeof(header);
			records->next += sizeof(header) + header.captured_len;
			return true;
		}
	}
	*place = records->place + (off_t)records->next;
	return false;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets of an ordinary capture file, read in large pieces: pcap 2.4 in this machine's byte order, neither compressed nor a pipe.
 *
 * libpcap has opened the file and found it good. Its way through a file, two reads and a copy a packet, costs as much as all that decoding
 * does; so the records that most files consist of are looked at where they were read to. Whatever is odd about one is libpcap's
 * from there on: the end of the file, a record that is cut, longer than the snapshot length or than the piece, times that no clock says.
 */
#ifndef CAPTURE_PLAIN_RECORDS_H
#define CAPTURE_PLAIN_RECORDS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct plain_records;

struct plain_record {
	int64_t absolute_ns;		/* since 1970, UTC */
	uint32_t captured_len, original_len;
	const uint8_t *frame;		/* until the next call */
};

/*
 * `file` is a regular file, borrowed, and nothing else reads from it until an odd record comes. Moves its position. NULL when its packets
 * have to be read in another way.
 */
struct plain_records *plain_records_open(int file);
void plain_records_close(struct plain_records *records);

/* False: what comes is not ordinary, and `*place` is where in the file it begins. */
bool plain_records_next(struct plain_records *records, struct plain_record *record, off_t *place);

#endif

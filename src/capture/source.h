/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where packets come from: a capture file (reader) or a packet script (script).
 *
 * The caller owns one struct packet and reuses it:
 *
 *     while ((result = packet_source_next(source, &packet)) == PACKET_SOURCE_PACKET)
 *             decode_frame(&packet, source->link_type);
 *     if (result == PACKET_SOURCE_ERROR) ... text_string(&source->error) ...
 *     packet_source_close(source);
 *
 * The fields below may be read at any time; only the source changes them.
 */
#ifndef CAPTURE_SOURCE_H
#define CAPTURE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "packet/packet.h"

enum packet_source_result { PACKET_SOURCE_PACKET, PACKET_SOURCE_END, PACKET_SOURCE_ERROR };

struct packet_source {
	/* Set by the implementation; callers use the functions below. */
	enum packet_source_result (*next)(struct packet_source *source, struct packet *packet);
	void (*close)(struct packet_source *source);
	/* Both may be NULL, for what is read from memory. */
	void (*mark)(struct packet_source *source);
	bool (*resume)(struct packet_source *source);

	int link_type;			/* libpcap's DLT_ value, for decode_frame() */
	bool is_live;			/* packets come as somebody sends them, and are to be told at once */
	uint64_t n_packets;		/* delivered so far */
	uint64_t n_cut;			/* of them: cut by the snap length */
	uint64_t n_backwards;		/* of them: older than one before; they got the latest time */
	uint64_t first_backwards;	/* number of the first of those, 0 when there is none */
	int64_t origin_ns;		/* absolute time of the first packet: nanoseconds since 1970, UTC */
	struct vtime latest;		/* of the packets so far */
	struct text error;		/* one line without newline, with the source's name; after PACKET_SOURCE_ERROR */
};

/*
 * Fills the packet's number, time, link (what is known without decoding), frame and
 * lengths; the frame is borrowed until the next call. At the end, and after an error,
 * it says so again and again.
 */
enum packet_source_result packet_source_next(struct packet_source *source, struct packet *packet);

/*
 * For a process that is copied: file positions are shared with the copy, so whoever reads on moves both. Marks the place
 * before the copy is made; the copy resumes there, with a position of its own. resume: false when the file cannot be opened again.
 */
void packet_source_mark(struct packet_source *source);
bool packet_source_resume(struct packet_source *source);

/* Frees the source and everything borrowed from it. NULL is fine. */
void packet_source_close(struct packet_source *source);

/*
 * For implementations: counts the packet whose frame and lengths stand in `packet`,
 * and gives it its number and its time from the absolute time `absolute_ns`.
 */
void packet_source_stamp(struct packet_source *source, struct packet *packet, int64_t absolute_ns);

#endif

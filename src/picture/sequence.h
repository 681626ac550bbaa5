/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A tale as a sequence: who stands where, and row by row what happens. Drawn by draw_sequence.c, in letters by sketch_sequence.c. */
#ifndef PICTURE_SEQUENCE_H
#define PICTURE_SEQUENCE_H

#include "picture/tale.h"

enum { SEQUENCE_MOST_ROWS = 200, SEQUENCE_MOST_LANES = 6, SEQUENCE_SIDE_LANES = 3, SEQUENCE_NOBODY = -1 };

/* A life line. All of the host's own programs share one; who finds no place shares the last one of its side. */
struct sequence_lane {
	struct address address;
	enum family family;
	bool is_host, is_crowd;
	bool is_left;
	unsigned place;			/* 0: the farthest from the firewall */
};

enum sequence_kind { SEQUENCE_PACKET, SEQUENCE_ANSWER, SEQUENCE_END, SEQUENCE_GAP };

struct sequence_row {
	enum sequence_kind kind;
	struct vtime time;
	const struct tale_packet *packet;	/* PACKET, ANSWER */
	const struct tale_entry *entry;		/* END */
	int64_t silence_ns;			/* GAP */
	int from, to;				/* lanes, or SEQUENCE_NOBODY */
};

struct sequence {
	struct sequence_lane lanes[SEQUENCE_MOST_LANES];
	int n_lanes;
	int n_sides[2];			/* lanes on the left, on the right */
	struct sequence_row *rows;	/* owned */
	size_t n_rows;
	uint64_t n_left_out;		/* packets */
};

void sequence_make(const struct tale *tale, struct sequence *sequence);
void sequence_clear(struct sequence *sequence);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first packets of a source, kept so that the host can be guessed from them before
 * the replay begins. Works for files and standard input alike; memory is bounded.
 */
#ifndef REPLAY_LOOKAHEAD_H
#define REPLAY_LOOKAHEAD_H

#include <stdbool.h>
#include <stddef.h>

#include "capture/source.h"
#include "host/guess.h"
#include "packet/packet.h"

struct lookahead {
	struct packet_source *source;	/* borrowed */
	struct packet *held;		/* owned; frames are copies */
	size_t n_held;
	size_t next;			/* first held packet that was not given out */
	size_t n_bytes;
	enum packet_source_result last_result;
};

void lookahead_init(struct lookahead *lookahead, struct packet_source *source);
void lookahead_clear(struct lookahead *lookahead);

enum {
	LOOKAHEAD_MOST_PACKETS = 10000,
	LOOKAHEAD_FOR_VANTAGE = 1000,	/* enough to find where the capture was taken */
};

/* Reads ahead, at most `most_packets` packets or 16 MiB, and shows each to `guess` (may be NULL). */
void lookahead_read(struct lookahead *lookahead, size_t most_packets, struct guess *guess);

/* The next packet, not decoded yet; held ones first. Its frame is borrowed until the next call. */
enum packet_source_result lookahead_next(struct lookahead *lookahead, struct packet *packet);

#endif

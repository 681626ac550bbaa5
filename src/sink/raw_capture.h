/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Formats that are captures: nanosecond pcap (draft-ietf-opsawg-pcap) with link type RAW, so that frames begin at the
 * IP header. Little-endian on every machine: the same input gives the same bytes.
 */
#ifndef SINK_RAW_CAPTURE_H
#define SINK_RAW_CAPTURE_H

#include "event/event.h"
#include "sink/output.h"

struct raw_capture {
	struct text *out;
	int64_t origin_seconds;
	uint32_t origin_ns;
};

/* For sink_type: the state of a format that writes one. */
struct raw_capture *raw_capture_open(struct output *output);
void raw_capture_close(void *state);

void raw_capture_begin(struct raw_capture *capture, const struct event_run *run);
void raw_capture_append(struct raw_capture *capture, const struct packet *packet, struct vtime time);

/* The same for an IP packet of which `len` bytes are there. */
void raw_capture_append_bytes(struct raw_capture *capture, const uint8_t *bytes, uint32_t len, uint32_t total_len, struct vtime time);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/raw_capture.h"

#include <stdlib.h>

#include "base/alloc.h"

enum {
	PCAP_MAGIC_NANOSECONDS = 0xa1b23c4d, PCAP_MAJOR = 2, PCAP_MINOR = 4, PCAP_SNAPLEN = 65535, PCAP_LINKTYPE_RAW = 101,
};

struct raw_capture *raw_capture_open(struct output *output)
{
	struct raw_capture *capture = alloc_zeroed(1, sizeof(*capture));

	capture->out = &output->buffer;
	return capture;
}

void raw_capture_close(void *state)
{
	free(state);
}

static void append_u32(struct text *out, uint32_t value)
{
	for (unsigned shift = 0; shift < 32; shift += 8)
		text_append_char(out, (char)(value >> shift & 0xff));
}

static void append_u16(struct text *out, uint16_t value)
{
	text_append_char(out, (char)(value & 0xff));
	text_append_char(out, (char)(value >> 8));
}

void raw_capture_begin(struct raw_capture *capture, const struct event_run *run)
{
	capture->origin_seconds = run->origin_seconds;
	capture->origin_ns = run->origin_ns;
	append_u32(capture->out, PCAP_MAGIC_NANOSECONDS);
	append_u16(capture->out, PCAP_MAJOR);
	append_u16(capture->out, PCAP_MINOR);
	append_u32(capture->out, 0);
	append_u32(capture->out, 0);
	append_u32(capture->out, PCAP_SNAPLEN);
	append_u32(capture->out, PCAP_LINKTYPE_RAW);
}

void raw_capture_append_bytes(struct raw_capture *capture, const uint8_t *bytes, uint32_t len, uint32_t total_len, struct vtime time)
{
	int64_t ns = (int64_t)capture->origin_ns + time.ns;

	append_u32(capture->out, (uint32_t)(capture->origin_seconds + ns / VTIME_NS_PER_SECOND));
	append_u32(capture->out, (uint32_t)(ns % VTIME_NS_PER_SECOND));
	append_u32(capture->out, len);
	append_u32(capture->out, total_len);
	text_append_bytes(capture->out, (const char *)bytes, len);
}

void raw_capture_append(struct raw_capture *capture, const struct packet *packet, struct vtime time)
{
	raw_capture_append_bytes(capture, packet->bytes, packet->len, packet->total_len, time);
}

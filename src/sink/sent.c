/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The packets that got through, and those that the host made, as they left: after NAT, TTL, mangling. A capture of
 * nanosecond pcap (draft-ietf-opsawg-pcap) with link type RAW: frames begin at the IP header.
 */
#include "sink/sink.h"

#include <stdlib.h>

#include "base/alloc.h"

enum {
	PCAP_MAGIC_NANOSECONDS = 0xa1b23c4d, PCAP_MAJOR = 2, PCAP_MINOR = 4, PCAP_SNAPLEN = 65535, PCAP_LINKTYPE_RAW = 101,
};

struct sent {
	struct text *out;
	int64_t origin_seconds;
	uint32_t origin_ns;
};

static void *open_sent(const struct sink_options *options, struct output *output)
{
	struct sent *sent = alloc_zeroed(1, sizeof(*sent));

	(void)options;
	sent->out = &output->buffer;
	return sent;
}

/* Little-endian on every machine: the same input gives the same bytes. */
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

static void begin(struct sent *sent, const struct event_run *run)
{
	sent->origin_seconds = run->origin_seconds;
	sent->origin_ns = run->origin_ns;
	append_u32(sent->out, PCAP_MAGIC_NANOSECONDS);
	append_u16(sent->out, PCAP_MAJOR);
	append_u16(sent->out, PCAP_MINOR);
	append_u32(sent->out, 0);
	append_u32(sent->out, 0);
	append_u32(sent->out, PCAP_SNAPLEN);
	append_u32(sent->out, PCAP_LINKTYPE_RAW);
}

static void append_packet(struct sent *sent, const struct packet *packet, struct vtime time)
{
	int64_t ns = (int64_t)sent->origin_ns + time.ns;

	append_u32(sent->out, (uint32_t)(sent->origin_seconds + ns / VTIME_NS_PER_SECOND));
	append_u32(sent->out, (uint32_t)(ns % VTIME_NS_PER_SECOND));
	append_u32(sent->out, packet->len);
	append_u32(sent->out, packet->total_len);
	text_append_bytes(sent->out, (const char *)packet->bytes, packet->len);
}

static void on_event(void *state, const struct event *event)
{
	struct sent *sent = state;

	if (event->kind == EVENT_RUN)
		begin(sent, &event->run);
	else if (event->kind == EVENT_REPLY && event->reply.verdict == VERDICT_ACCEPT)
		append_packet(sent, event->reply.packet, event->time);
	else if (event->kind == EVENT_PACKET && event->journey.as_left)
		append_packet(sent, event->journey.as_left, event->time);
}

static void close_sent(void *state)
{
	free(state);
}

const struct sink_type sink_sent = {
	.name = "sent",
	.summary = "a capture of the packets that got through, as they left: after NAT",
	.kinds = EVENT_BIT(EVENT_RUN) | EVENT_BIT(EVENT_REPLY) | EVENT_BIT(EVENT_PACKET),
	.open = open_sent,
	.on_event = on_event,
	.close = close_sent,
};

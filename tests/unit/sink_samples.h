/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Made-up packets, entries and events for the tests of the sinks, and a way to run a sink over them. */
#ifndef TESTS_UNIT_SINK_SAMPLES_H
#define TESTS_UNIT_SINK_SAMPLES_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "event/event.h"
#include "packet/packet.h"
#include "sink/sink.h"

/* A flow's original direction. `sport` and `dport` are what struct tuple keeps: ICMP has its id and type << 8 | code. */
struct sample_flow {
	uint8_t protocol;
	const char *src;
	uint16_t sport;
	const char *dst;
	uint16_t dport;
	uint16_t reply_sport, reply_dport;	/* 0 and 0: the original's, exchanged */
	uint16_t zone[2];
};

static inline struct vtime sample_time(double seconds)
{
	return (struct vtime){ .ns = (int64_t)(seconds * 1e9 + 0.5) };
}

static inline struct address sample_address(const char *text, uint8_t *family)
{
	enum family found = FAMILY_NONE;
	struct address address = { .word = { 0 } };

	ck_assert_msg(address_parse(text, strlen(text), &found, &address), "%s is no address", text);
	*family = (uint8_t)found;
	return address;
}

static inline struct entry_view sample_entry(const struct sample_flow *flow, uint64_t id, struct vtime deadline)
{
	bool has_reply_ports = flow->reply_sport || flow->reply_dport;
	struct entry_view entry = { .id = id, .deadline = deadline, .hz = VTIME_DEFAULT_HZ, .status = STATUS_CONFIRMED };
	struct tuple *original = &entry.tuple[DIRECTION_ORIGINAL], *reply = &entry.tuple[DIRECTION_REPLY];

	original->source = reply->destination = sample_address(flow->src, &original->family);
	original->destination = reply->source = sample_address(flow->dst, &reply->family);
	original->protocol = reply->protocol = flow->protocol;
	original->source_port = flow->sport;
	original->destination_port = flow->dport;
	reply->source_port = has_reply_ports ? flow->reply_sport : flow->dport;
	reply->destination_port = has_reply_ports ? flow->reply_dport : flow->sport;
	original->zone = flow->zone[0];
	reply->zone = flow->zone[1];
	entry.gre_timeouts[0] = 30;
	entry.gre_timeouts[1] = 180;
	return entry;
}

/* A decoded packet without bytes: sinks look at the fields alone. */
static inline struct packet sample_packet(uint8_t protocol, const char *src, uint16_t sport, const char *dst, uint16_t dport)
{
	struct packet packet;

	packet_init(&packet);
	packet.source = sample_address(src, &packet.family);
	packet.destination = sample_address(dst, &packet.family);
	packet.protocol = protocol;
	packet.source_port = sport;
	packet.destination_port = dport;
	packet.has_ports = sport || dport;
	packet.has_l4 = true;
	packet.tcp_header_len = 20;
	packet.l4_len = protocol == PROTOCOL_TCP ? 20 : 41;
	packet.total_len = packet.len = packet.l4_len + (packet.family == FAMILY_IPV6 ? 40 : 20);
	return packet;
}

/* A sink that writes to memory. */
struct sample_sink {
	struct output output;
	struct sink sink;
	struct sink_options options;
};

/* `text`: "json" or "conntrack,extended", as behind --out. Set options first where they matter. */
static inline void sample_sink_open(struct sample_sink *sample, const char *text)
{
	const struct sink_type *type;
	struct text error;

	text_init(&error);
	ck_assert_msg(sink_parse(text, &type, &sample->options, &error), "%s", text_string(&error));
	output_init(&sample->output);
	sink_open(&sample->sink, type, &sample->options, &sample->output);
	text_clear(&error);
}

/* Gives the sink an event, if it asked for its kind. */
static inline void sample_sink_say(struct sample_sink *sample, uint64_t packet, struct vtime time, struct event event)
{
	event.packet = packet;
	event.time = time;
	if (sample->sink.kinds & EVENT_BIT(event.kind))
		sink_listen(&sample->sink, &event);
}

static inline const char *sample_sink_close(struct sample_sink *sample)
{
	sink_close(&sample->sink);
	return text_string(&sample->output.buffer);
}

static inline void sample_sink_clear(struct sample_sink *sample)
{
	output_clear(&sample->output);
}

/* Equal strings; else the message shows where they part (libcheck's own would be too long). */
static inline void sample_compare(const char *actual, const char *expected)
{
	size_t same = 0;

	while (actual[same] && actual[same] == expected[same])
		same++;
	ck_assert_msg(actual[same] == expected[same], "differ at byte %zu: \"%.100s\", expected \"%.100s\"", same,
		      actual + same, expected + same);
}

/* Runs a suite of one case; the exit status for main(). */
static inline int sample_run(const char *name, void (*add_tests)(TCase *))
{
	Suite *suite = suite_create(name);
	TCase *tests = tcase_create(name);
	SRunner *runner;
	int n_failed;

	add_tests(tests);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For the tests of conntrack/: packets made in memory, sent through one table, and what
 * the table said to each as one short line.
 *
 *     "ESTABLISHED SYN_RECV 60 1/1"
 *
 * is ctstate, protocol state, whole seconds left, packets original/reply; then U where no
 * reply was seen and A where ASSURED. "INVALID -" is a packet without an entry.
 */
#ifndef TESTS_CONNTRACK_FIXTURE_H
#define TESTS_CONNTRACK_FIXTURE_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conntrack/conntrack.h"
#include "packet/checksum.h"
#include "packet/decode.h"

enum { FIXTURE_MS = 1000000, FIXTURE_IPV4_LEN = 20, FIXTURE_IPV6_LEN = 40 };

struct fixture {
	struct conntrack_settings settings;
	struct stream stream;
	struct conntrack *conntrack;
	struct packet packet;
	uint8_t bytes[4096];
	uint32_t len;
	enum hook hook;
	bool is_dropped;		/* the next packet does not reach the confirmation */
	char events[512], transitions[512], result[128];
	uint64_t n_ended[2];		/* DESTROY events: by anything but time, by time */
	struct vtime last_ended;
};

__attribute__((unused)) static void fixture_append(char *text, size_t size, const char *more)
{
	size_t len = strlen(text);

	snprintf(text + len, size - len, "%s%s", len ? "; " : "", more);
}

/* "UPDATE ESTABLISHED 432000 A": kind, state where conntrack -E shows one, seconds, U and A. */
static void fixture_hear_conntrack(struct fixture *fixture, const struct event *event)
{
	const struct event_conntrack *conntrack = &event->conntrack;
	bool is_destroy = conntrack->bits & CONNTRACK_EVENT_DESTROY, is_new = conntrack->bits & CONNTRACK_EVENT_NEW;
	bool has_state = conntrack->entry.state && (is_destroy || is_new || conntrack->bits & CONNTRACK_EVENT_PROTOINFO);
	char line[160], seconds[16] = "";

	if (!conntrack->expired)
		snprintf(seconds, sizeof(seconds), " %u", vtime_seconds_left(conntrack->entry.deadline, event->time, conntrack->entry.hz));
	snprintf(line, sizeof(line), "%s%s%s%s%s%s%s", is_destroy ? "DESTROY" : is_new ? "NEW" : "UPDATE",
		 has_state ? " " : "", has_state ? conntrack->entry.state : "", seconds,
		 conntrack->entry.status & STATUS_SEEN_REPLY ? "" : " U",
		 conntrack->entry.status & STATUS_ASSURED ? " A" : "",
		 conntrack->entry.mark ? " marked" : "");
	fixture_append(fixture->events, sizeof(fixture->events), line);
	if (is_destroy) {
		fixture->n_ended[conntrack->expired]++;
		fixture->last_ended = event->time;
	}
}

__attribute__((unused)) static void fixture_hear(void *owner, const struct event *event)
{
	struct fixture *fixture = owner;
	char line[256], room[COMPLAINT_ROOM];

	if (event->kind == EVENT_CONNTRACK) {
		fixture_hear_conntrack(fixture, event);
		return;
	}
	snprintf(line, sizeof(line), "%s > %s (%s): %s", event->transition.from ? event->transition.from : "-",
		 event->transition.to ? event->transition.to : "-",
		 event->transition.cell ? event->transition.cell : "-",
		 event->transition.reason.words ? complaint_words(&event->transition.reason, room) : "-");
	fixture_append(fixture->transitions, sizeof(fixture->transitions), line);
}

/* Settings are the defaults with counters on; `sysctl` (may be NULL) is changed. */
__attribute__((unused)) static void fixture_begin(struct fixture *fixture, const char *sysctl, uint32_t value)
{
	memset(fixture, 0, sizeof(*fixture));
	settings_init(&fixture->settings);
	fixture->settings.acct = 1;
	if (sysctl)
		ck_assert(settings_apply(&fixture->settings, settings_find(sysctl), value));
	stream_init(&fixture->stream);
	stream_add(&fixture->stream, EVENT_BIT(EVENT_CONNTRACK) | EVENT_BIT(EVENT_TRANSITION), fixture_hear, fixture);
	fixture->conntrack = conntrack_create(&fixture->settings, &fixture->stream, 1);
	packet_init(&fixture->packet);
	fixture->hook = HOOK_PREROUTING;
}

__attribute__((unused)) static void fixture_end(struct fixture *fixture)
{
	conntrack_destroy(fixture->conntrack);
	packet_clear(&fixture->packet);
}

static void fixture_put16(uint8_t *bytes, uint16_t value)
{
	bytes[0] = (uint8_t)(value >> 8);
	bytes[1] = (uint8_t)value;
}

__attribute__((unused)) static void fixture_put32(uint8_t *bytes, uint32_t value)
{
	fixture_put16(bytes, (uint16_t)(value >> 16));
	fixture_put16(bytes + 2, (uint16_t)value);
}

/*
 * An IP header in front of `len` bytes of layer 4, its checksum set when the protocol has
 * one and the field is 0. Hosts are the last byte of 10.0.0.x or 2001:db8::x.
 */
static void fixture_make(struct fixture *fixture, enum family family, uint8_t source, uint8_t destination,
			 uint8_t protocol, const uint8_t *l4, uint32_t len)
{
	uint8_t *bytes = fixture->bytes;
	uint32_t header_len = family == FAMILY_IPV4 ? FIXTURE_IPV4_LEN : FIXTURE_IPV6_LEN;
	int field = checksum_field_offset(protocol);

	memset(bytes, 0, header_len);
	memcpy(bytes + header_len, l4, len);
	fixture->len = header_len + len;
	if (family == FAMILY_IPV4) {
		bytes[0] = 0x45;
		fixture_put16(bytes + 2, (uint16_t)fixture->len);
		bytes[8] = 64;
		bytes[9] = protocol;
		fixture_put32(bytes + 12, 0x0a000000u + source);
		fixture_put32(bytes + 16, 0x0a000000u + destination);
		fixture_put16(bytes + 10, checksum_finish(checksum_add(0, bytes, header_len)));
	} else {
		bytes[0] = 0x60;
		fixture_put16(bytes + 4, (uint16_t)len);
		bytes[6] = protocol;
		bytes[7] = 64;
		fixture_put32(bytes + 8, 0x20010db8u);
		bytes[23] = source;
		fixture_put32(bytes + 24, 0x20010db8u);
		bytes[39] = destination;
	}
	decode_ip(&fixture->packet, bytes, fixture->len, fixture->len);
	if (field >= 0 && len >= (uint32_t)field + 2 && fixture->packet.has_l4 && !l4[field] && !l4[field + 1]) {
		fixture_put16(bytes + header_len + field, checksum_compute_l4(&fixture->packet));
		decode_ip(&fixture->packet, bytes, fixture->len, fixture->len);
	}
}

static void fixture_describe(struct fixture *fixture, const struct tracking *tracking, struct vtime now)
{
	const struct connection *connection = tracking->connection;
	const char *state = connection ? connection_state_name(connection) : NULL;
	size_t len = (size_t)snprintf(fixture->result, sizeof(fixture->result), "%s", ctstate_name(tracking->ctstate));

	if (!connection) {
		snprintf(fixture->result + len, sizeof(fixture->result) - len, " -");
		return;
	}
	snprintf(fixture->result + len, sizeof(fixture->result) - len, "%s%s %u %llu/%llu%s%s", state ? " " : "",
		 state ? state : "", vtime_seconds_left(connection->timer.deadline, now, VTIME_DEFAULT_HZ),
		 (unsigned long long)connection_measures(connection)->n_packets[0],
		 (unsigned long long)connection_measures(connection)->n_packets[1],
		 connection->status & STATUS_SEEN_REPLY ? "" : " U",
		 connection->status & STATUS_ASSURED ? " A" : "");
}

/* Sends the packet that was made last, and describes what came of it. */
__attribute__((unused)) static const char *fixture_send(struct fixture *fixture, int64_t at_ms)
{
	struct vtime now = { .ns = at_ms * FIXTURE_MS };
	struct tracking tracking = { 0 };

	fixture->events[0] = fixture->transitions[0] = '\0';
	fixture->stream.time = now;
	fixture->stream.packet++;
	conntrack_expire(fixture->conntrack, now);
	if (conntrack_track(fixture->conntrack, &fixture->packet, fixture->hook, now, &tracking) == CONNTRACK_DROP)
		snprintf(fixture->result, sizeof(fixture->result), "DROP");
	else if (fixture->is_dropped || conntrack_confirm(fixture->conntrack, &tracking, now))
		fixture_describe(fixture, &tracking, now);
	else
		snprintf(fixture->result, sizeof(fixture->result), "CLASH");
	conntrack_release(fixture->conntrack, &tracking);
	fixture->is_dropped = false;
	return fixture->result;
}

/* UDP with `len` bytes of data; port 0 data otherwise. */
__attribute__((unused)) static void fixture_udp(struct fixture *fixture, uint8_t source, uint16_t source_port,
						uint8_t destination, uint16_t destination_port)
{
	uint8_t l4[12] = { 0 };

	fixture_put16(l4, source_port);
	fixture_put16(l4 + 2, destination_port);
	fixture_put16(l4 + 4, sizeof(l4));
	fixture_make(fixture, FAMILY_IPV4, source, destination, PROTOCOL_UDP, l4, sizeof(l4));
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/parcel.h"

#include <assert.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "packet/summary.h"

/* Some hundred packets; few enough that what goes round stays in the caches. */
enum { FIRST_CAPACITY = 256 * 1024, ALIGNMENT = alignof(struct event) };

/* What formats look at of most packets, and what most events have no more than zeros in. */
enum {
	PACKET_START = offsetof(struct packet, number),
	PACKET_END = offsetof(struct packet, problem),
	SELDOM_START = offsetof(struct event, journey.entry.labels),
	SELDOM_END = offsetof(struct event, journey.as_left),
};

static_assert(alignof(struct packet) <= ALIGNMENT && alignof(struct split) <= ALIGNMENT, "what follows an event stands well");

/* One event in the bytes; what it borrowed follows, up to the next one. */
struct packed {
	size_t next;
	bool is_shown, is_brief;
	struct event event;
};

/* Likewise, of a packet like most: less of the event and of the packet, and the rules that it matched. */
struct packed_briefly {
	size_t next;
	bool is_shown, is_brief;
	alignas(ALIGNMENT) uint8_t event[SELDOM_START];
	alignas(ALIGNMENT) uint8_t packet[PACKET_END - PACKET_START];
	const struct rule_place *matched[];
};

void parcel_init(struct parcel *parcel)
{
	memset(parcel, 0, sizeof(*parcel));
}

void parcel_clear(struct parcel *parcel)
{
	free(parcel->bytes);
	parcel_init(parcel);
}

void parcel_empty(struct parcel *parcel)
{
	parcel->used = 0;
}

/* Room for `len` bytes, NULL when there is not that much. What is in the parcel never moves: pointers lead into it. */
static void *take(struct parcel *parcel, size_t len)
{
	size_t rounded = (len + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	uint8_t *taken = parcel->bytes + parcel->used;

	if (len > SIZE_MAX - ALIGNMENT || parcel->capacity - parcel->used < rounded)
		return NULL;
	parcel->used += rounded;
	return taken;
}

/* Copies what is there, if anything is. */
static bool copy_bytes(struct parcel *parcel, const void **bytes, size_t len)
{
	void *copy;

	if (!*bytes || !len)
		return true;
	copy = take(parcel, len);
	if (!copy)
		return false;
	memcpy(copy, *bytes, len);
	*bytes = copy;
	return true;
}

static bool copy_string(struct parcel *parcel, const char **string)
{
	const void *bytes = *string;
	bool is_ok = copy_bytes(parcel, &bytes, *string ? strlen(*string) + 1 : 0);

	*string = bytes;
	return is_ok;
}

static bool copy_numbers(struct parcel *parcel, const uint64_t **numbers, size_t n_numbers)
{
	const void *bytes = *numbers;
	bool is_ok = copy_bytes(parcel, &bytes, n_numbers * sizeof(**numbers));

	*numbers = bytes;
	return is_ok;
}

static bool copy_packet(struct parcel *parcel, const struct packet **packet)
{
	const struct packet *old = *packet;
	const void *frame, *bytes;
	struct packet *copy;
	bool is_inside;

	if (!old)
		return true;
	copy = take(parcel, sizeof(*copy));
	if (!copy)
		return false;
	*copy = *old;
	copy->owned = NULL;
	copy->owned_capacity = 0;
	frame = old->frame;
	bytes = old->bytes;
	is_inside = old->frame && (uintptr_t)old->bytes >= (uintptr_t)old->frame &&
		    (uintptr_t)old->bytes - (uintptr_t)old->frame <= old->captured_len;
	if (!copy_bytes(parcel, &frame, old->captured_len) || (!is_inside && !copy_bytes(parcel, &bytes, old->len)))
		return false;
	copy->frame = frame;
	copy->bytes = is_inside ? copy->frame + (old->bytes - old->frame) : bytes;
	*packet = copy;
	return true;
}

static bool copy_split(struct parcel *parcel, const struct split **split)
{
	const void *copy = *split, *lens;

	if (!*split)
		return true;
	lens = (*split)->lens;
	if (!copy_bytes(parcel, &copy, sizeof(**split)) || !copy_bytes(parcel, &lens, (*split)->n_lens * sizeof(*(*split)->lens)))
		return false;
	((struct split *)(uintptr_t)copy)->lens = lens;
	*split = copy;
	return true;
}

static bool copy_journey(struct parcel *parcel, struct event_packet *journey, const struct parcel_wants *wants)
{
	const void *matched = journey->matched;
	bool is_ok = copy_bytes(parcel, &matched, journey->n_matched * sizeof(*journey->matched));

	journey->matched = matched;
	if (!wants->left) {
		journey->as_left = NULL;
		journey->split = NULL;
	}
	return is_ok && copy_packet(parcel, &journey->packet) && copy_packet(parcel, &journey->as_left) &&
	       copy_split(parcel, &journey->split) && copy_numbers(parcel, &journey->fragments, journey->n_fragments) &&
	       copy_string(parcel, &journey->difference);
}

static bool copy_run(struct parcel *parcel, struct event_run *run)
{
	const void *tables = run->tables;
	bool is_ok = copy_bytes(parcel, &tables, run->n_tables * sizeof(*run->tables));

	run->tables = tables;
	for (size_t i = 0; i < run->n_tables && is_ok; i++)
		is_ok = copy_string(parcel, (const char **)(uintptr_t)&run->tables[i]);
	return is_ok && copy_string(parcel, &run->capture) && copy_string(parcel, &run->host) && copy_string(parcel, &run->captured_on);
}

static bool copy_binding(struct parcel *parcel, const struct event_binding **binding)
{
	const void *copy = *binding;
	bool is_ok = copy_bytes(parcel, &copy, sizeof(**binding));

	*binding = copy;
	return is_ok;
}

/* Copies what is borrowed: event/event.h says of each field whether it is. */
static bool copy_borrowed(struct parcel *parcel, struct event *event, const struct parcel_wants *wants)
{
	switch (event->kind) {
	case EVENT_RUN:
		return copy_run(parcel, &event->run);
	case EVENT_TRANSITION:
		return copy_string(parcel, &event->transition.cell);
	case EVENT_LOG:
		return copy_packet(parcel, &event->log.packet);
	case EVENT_TRACE:
		return copy_packet(parcel, &event->trace.log.packet);
	case EVENT_BINDING:
		return copy_binding(parcel, &event->binding);
	case EVENT_FRAGMENTS:
		return copy_numbers(parcel, &event->fragments.packets, event->fragments.n_packets);
	case EVENT_ACTION:
		return copy_string(parcel, &event->action.words);
	case EVENT_REPLY:
		return copy_packet(parcel, &event->reply.packet);
	case EVENT_PACKET:
		return copy_journey(parcel, &event->journey, wants);
	case EVENT_SNAPSHOT:
		return copy_string(parcel, &event->snapshot.label);
	case EVENT_SET:
		return copy_string(parcel, &event->set.line);
	case EVENT_COUNTER:
		return copy_string(parcel, &event->counter.listing);
	case EVENT_FINDING:
		return copy_string(parcel, &event->finding.words);
	case EVENT_WARNING:
		return copy_string(parcel, &event->warning.text);
	default:
		return true;
	}
}

static bool put_whole(struct parcel *parcel, const struct event *event, bool is_shown, const struct parcel_wants *wants)
{
	size_t start = parcel->used;
	struct packed *packed = take(parcel, sizeof(*packed));

	if (packed) {
		packed->is_shown = is_shown;
		packed->is_brief = false;
		packed->event = *event;
	}
	if (!packed || !copy_borrowed(parcel, &packed->event, wants)) {
		parcel->used = start;
		return false;
	}
	packed->next = parcel->used;
	return true;
}

static bool has_seldom(const struct event *event)
{
	static const uint8_t zeros[SELDOM_END - SELDOM_START];

	return !event->journey.is_usual && memcmp((const uint8_t *)event + SELDOM_START, zeros, sizeof(zeros)) != 0;
}

/* Is it a packet like most, of whose bytes nothing is wanted? */
static bool is_brief(const struct event *event, const struct parcel_wants *wants)
{
	return event->kind == EVENT_PACKET && !wants->left && !wants->frames && summary_is_ordinary(event->journey.packet) &&
	       !has_seldom(event);
}

/*
 * `len` is constant. Compilers make one string instruction of a memcpy() this long, which takes longer to begin than these few moves to end.
 */
static inline void copy_few(void *to, const void *from, size_t len)
{
	enum { MOVE = 32 };
	size_t at = 0;

	for (; at + MOVE <= len; at += MOVE)
		memcpy((uint8_t *)to + at, (const uint8_t *)from + at, MOVE);
	memcpy((uint8_t *)to + at, (const uint8_t *)from + at, len - at);
}

static bool put_briefly(struct parcel *parcel, const struct event *event, bool is_shown)
{
	const struct event_packet *journey = &event->journey;
	size_t matched_len = journey->n_matched * sizeof(*journey->matched);
	struct packed_briefly *packed = take(parcel, sizeof(*packed) + matched_len);

	if (!packed)
		return false;
	packed->next = parcel->used;
	packed->is_shown = is_shown;
	packed->is_brief = true;
	copy_few(packed->event, event, sizeof(packed->event));
	copy_few(packed->packet, (const uint8_t *)journey->packet + PACKET_START, sizeof(packed->packet));
	if (matched_len)
		memcpy(packed->matched, journey->matched, matched_len);
	return true;
}

static bool put(struct parcel *parcel, const struct event *event, bool is_shown, const struct parcel_wants *wants)
{
	return is_brief(event, wants) ? put_briefly(parcel, event, is_shown) : put_whole(parcel, event, is_shown, wants);
}

bool parcel_put(struct parcel *parcel, const struct event *event, bool is_shown, const struct parcel_wants *wants)
{
	if (put(parcel, event, is_shown, wants))
		return true;
	if (parcel->used)
		return false;
	do {
		free(parcel->bytes);
		parcel->capacity = parcel->capacity ? parcel->capacity * 2 : FIRST_CAPACITY;
		parcel->bytes = alloc_resize(NULL, parcel->capacity, 1);
	} while (!put(parcel, event, is_shown, wants));
	return true;
}

/* The rest of the reader's event and packet is zero, and stays so. */
static const struct event *read_briefly(const struct packed_briefly *packed, struct event *event, struct packet *packet)
{
	copy_few((uint8_t *)packet + PACKET_START, packed->packet, sizeof(packed->packet));
	packet->frame = packet->bytes = NULL;
	copy_few(event, packed->event, sizeof(packed->event));
	event->journey.packet = packet;
	event->journey.matched = packed->matched;
	return event;
}

const struct event *parcel_next(const struct parcel *parcel, struct parcel_reader *reader, bool *is_shown)
{
	const void *at = parcel->bytes + reader->place;
	const struct packed *packed = at;

	if (reader->place == parcel->used)
		return NULL;
	reader->place = packed->next;
	*is_shown = packed->is_shown;
	return packed->is_brief ? read_briefly(at, &reader->event, &reader->packet) : &packed->event;
}

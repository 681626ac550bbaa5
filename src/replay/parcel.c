/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/parcel.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* Some hundred packets: to wake a thread that waits costs more than many of them. */
enum { FIRST_CAPACITY = 256 * 1024, ALIGNMENT = alignof(max_align_t) };

/* One event in the bytes; what it borrowed follows, up to the next one. */
struct packed {
	size_t next;
	bool is_shown;
	struct event event;
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

static bool copy_journey(struct parcel *parcel, struct event_packet *journey, bool has_left)
{
	const void *matched = journey->matched;
	bool is_ok = copy_bytes(parcel, &matched, journey->n_matched * sizeof(*journey->matched));

	journey->matched = matched;
	if (!has_left) {
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
static bool copy_borrowed(struct parcel *parcel, struct event *event, bool has_left)
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
		return copy_journey(parcel, &event->journey, has_left);
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

static bool put(struct parcel *parcel, const struct event *event, bool is_shown, bool has_left)
{
	size_t start = parcel->used;
	struct packed *packed = take(parcel, sizeof(*packed));

	if (packed) {
		packed->is_shown = is_shown;
		packed->event = *event;
	}
	if (!packed || !copy_borrowed(parcel, &packed->event, has_left)) {
		parcel->used = start;
		return false;
	}
	packed->next = parcel->used;
	return true;
}

bool parcel_put(struct parcel *parcel, const struct event *event, bool is_shown, bool has_left)
{
	if (put(parcel, event, is_shown, has_left))
		return true;
	if (parcel->used)
		return false;
	do {
		free(parcel->bytes);
		parcel->capacity = parcel->capacity ? parcel->capacity * 2 : FIRST_CAPACITY;
		parcel->bytes = alloc_resize(NULL, parcel->capacity, 1);
	} while (!put(parcel, event, is_shown, has_left));
	return true;
}

const struct event *parcel_next(const struct parcel *parcel, size_t *place, bool *is_shown)
{
	const struct packed *packed = (const struct packed *)(const void *)(parcel->bytes + *place);

	if (*place == parcel->used)
		return NULL;
	*place = packed->next;
	*is_shown = packed->is_shown;
	return &packed->event;
}
